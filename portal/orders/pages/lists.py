"""The list of orders, on screen and as a file: the same filters in the same address."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, Response, get
from litestar.response import Stream

from portal.access.guards import Acting, allowed, may
from portal.access.queries import colleagues
from portal.orders.forms import OrderRow
from portal.orders.queries import MOST_FOUND, OrderFilter, every_order, order_list, require_readable, side_of
from portal.orders.states import KINDS, NAMES, S
from portal.organisations.queries import customer_choices, supplier_choices
from portal.platform.actor import Actor
from portal.platform.fields import CurrencyCode, Day, Line
from portal.platform.i18n import Message, _
from portal.platform.work import View, viewing
from portal.web import page
from portal.web.downloads import csv_file
from portal.web.looks import look
from portal.web.query import read_query

AnyRequest = Request[Any, Any, Any]
MOST_IN_FILE = 10_000
USUAL = "-created"
USUAL_CURRENCIES = ("EUR", "USD", "CNY")
# What a supplier is never shown: the order before it is issued.
_UNSEEN = ("draft", "in_approval", "approved")


class ListForm(msgspec.Struct, kw_only=True):
    """The parameters of the list's address; what else stands there is not ours."""

    state: Line | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    kind: Line | None = None
    query: Line | None = None
    created_from: Day | None = None
    created_to: Day | None = None
    requested_before: Day | None = None
    on_hold: bool | None = None
    overdue: bool | None = None
    mine: bool | None = None
    created_by: UUID | None = None
    currency: CurrencyCode | None = None
    open: Line | None = None
    sort: Line | None = None
    cursor: Line | None = None


@get("/orders", guards=[may("orders:read")], include_in_schema=False)
async def list_orders(request: AnyRequest, actor: Acting) -> Response[Any]:
    asked = read_query(request.query_params, ListForm)
    chosen = filter_of(asked)
    buys = side_of(actor, chosen) == "buyer_id"
    async with viewing(actor) as view:
        found = await order_list(view, chosen, sort=asked.sort or USUAL, cursor=asked.cursor)
        parties = await (supplier_choices(view, asked.supplier_id) if buys else customer_choices(view, asked.buyer_id))
        authors = await author_choices(view) if buys else []
    return page(
        "orders/list.html",
        found=found,
        asked=asked,
        sort=asked.sort or USUAL,
        parties=parties,
        authors=authors,
        currencies=sorted({*USUAL_CURRENCIES, *(row.order.currency for row in found.rows), asked.currency or "EUR"}),
        buys=buys,
        states=[(state, name) for state, name in NAMES.items() if buys or state not in _UNSEEN],
        kinds=KINDS,
        waits=chosen.narrowing.title if chosen.narrowing else "",
        cap=MOST_FOUND,
        priced=allowed(actor, "prices:read"),
        creates=allowed(actor, "orders:create"),
    )


@get("/orders.csv", guards=[may("orders:read")], include_in_schema=False)
async def orders_file(request: AnyRequest, actor: Acting) -> Stream:
    """The filtered list as a spreadsheet reads it, sent while it is read; refused before its first byte or never."""
    asked = read_query(request.query_params, ListForm)
    require_readable(actor, filter_of(asked), asked.sort or USUAL)
    return csv_file("orders.csv", _titles(actor), _rows(actor, asked))


async def author_choices(view: View) -> list[tuple[str, str]]:
    """(id, name) of the colleagues who enter orders, the reader first."""
    enters = [each for each in await colleagues(view) if allowed(each, "orders:create")]
    others = sorted((each.name, str(each.person_id)) for each in enters if each.person_id != view.actor.person_id)
    me = [(str(view.actor.person_id), str(_("Me")))] if allowed(view.actor, "orders:create") else []
    return [*me, *((key, name) for name, key in others)]


def filter_of(asked: ListForm) -> OrderFilter:
    given = {name: getattr(asked, name) for name in OrderFilter.__struct_fields__}
    return OrderFilter(**{name: value for name, value in given.items() if value is not None})


def _titles(actor: Actor) -> list[Message]:
    zone = actor.time_zone
    titles = [_("Order"), _("Revision"), _("State"), _("On hold"), _("Customer"), _("Supplier")]
    titles += [_("Created ({zone})", zone=zone), _("Requested"), _("Answer due ({zone})", zone=zone)]
    titles += [_("Despatched"), _("Received"), _("Invoiced"), _("Lines closed short")]
    priced = [_("Currency"), _("Net"), _("Tax"), _("Total")] if allowed(actor, "prices:read") else []
    return [*titles, *priced]


async def _rows(actor: Actor, asked: ListForm) -> AsyncIterator[list[Any]]:
    zone, priced = ZoneInfo(actor.time_zone), allowed(actor, "prices:read")
    async with viewing(actor) as view:
        async for order in every_order(view, filter_of(asked), sort=asked.sort or USUAL, most=MOST_IN_FILE):
            row = [order.number, order.revision, NAMES[S(order.state)], _("Yes") if order.on_hold else ""]
            row += [order.buyer.name, order.supplier.name, _local(order.created_at, zone)]
            row += [
                order.requested_date,
                _local(order.response_due_at, zone),
                *(look(code).label for code in progress_of(order)),
                order.lines_closed_short,
            ]
            sums = order.totals
            yield [*row, *((order.currency, sums.net, sums.tax, sums.gross) if priced else ())]


def _local(instant: datetime | None, zone: ZoneInfo) -> str:
    """To the minute and without an offset, as spreadsheets take it for a time; the column's title names the zone."""
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M") if instant else ""


def progress_of(order: OrderRow) -> tuple[str, str, str]:
    return order.despatch_status, order.receipt_status, order.invoice_status


HANDLERS = [list_orders, orders_file]
