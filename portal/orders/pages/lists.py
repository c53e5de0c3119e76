"""The list of orders, on screen and as a file: the same filters in the same address."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get
from litestar.response import Stream

from portal.access.guards import Acting, allowed, may
from portal.orders.forms import OrderRow
from portal.orders.queries import MOST_FOUND, OrderFilter, every_order, order_list, require_readable, side_of
from portal.orders.states import KINDS, NAMES, S
from portal.organisations.queries import customer_choices, supplier_choices
from portal.platform.actor import Actor
from portal.platform.convert import Problems, convert
from portal.platform.csv_file import MARK, csv_line
from portal.platform.fields import Day, Line
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.work import viewing
from portal.web import page
from portal.web.looks import look

AnyRequest = Request[Any, Any, Any]
MOST_IN_FILE = 10_000
USUAL = "-created"
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
    sort: Line | None = None
    cursor: Line | None = None


@get("/orders", guards=[may("orders:read")], include_in_schema=False)
async def list_orders(request: AnyRequest, actor: Acting) -> Response[Any]:
    asked = read_list(request.query_params)
    chosen = filter_of(asked)
    buys = side_of(actor, chosen) == "buyer_id"
    async with viewing(actor) as view:
        found = await order_list(view, chosen, sort=asked.sort or USUAL, cursor=asked.cursor)
        parties = await (supplier_choices(view, asked.supplier_id) if buys else customer_choices(view, asked.buyer_id))
    return page(
        "orders/list.html",
        found=found,
        asked=asked,
        sort=asked.sort or USUAL,
        parties=parties,
        buys=buys,
        states=[(state, name) for state, name in NAMES.items() if buys or state not in _UNSEEN],
        kinds=KINDS,
        cap=MOST_FOUND,
        priced=allowed(actor, "prices:read"),
        creates=allowed(actor, "orders:create"),
    )


@get("/orders.csv", guards=[may("orders:read")], include_in_schema=False)
async def orders_file(request: AnyRequest, actor: Acting) -> Stream:
    """The filtered list as a spreadsheet reads it, sent while it is read."""
    asked = read_list(request.query_params)
    require_readable(actor, filter_of(asked), asked.sort or USUAL)
    headers = {"content-disposition": 'attachment; filename="orders.csv"'}
    return Stream(_file(actor, asked), media_type="text/csv; charset=utf-8", headers=headers)


def read_list(parameters: Mapping[str, str]) -> ListForm:
    """Blank parameters are no filters, as a browser sends every empty box."""
    known = ListForm.__struct_fields__
    given = {name: value for name, value in parameters.items() if value.strip() and name in known}
    try:
        return convert(ListForm, given, lenient=True)
    except Problems as problems:
        raise Invalid(errors=problems.errors) from problems


def filter_of(asked: ListForm) -> OrderFilter:
    given = {name: getattr(asked, name) for name in OrderFilter.__struct_fields__}
    return OrderFilter(**{name: value for name, value in given.items() if value is not None})


async def _file(actor: Actor, asked: ListForm) -> AsyncIterator[str]:
    titles = [_("Order"), _("Revision"), _("State"), _("On hold"), _("Customer"), _("Supplier"), _("Created")]
    titles += [_("Requested"), _("Answer due"), _("Despatched"), _("Received"), _("Invoiced")]
    priced = [_("Currency"), _("Net"), _("Tax"), _("Total")] if allowed(actor, "prices:read") else []
    yield MARK + csv_line([*titles, *priced])
    async with viewing(actor) as view:
        async for order in every_order(view, filter_of(asked), sort=asked.sort or USUAL, most=MOST_IN_FILE):
            row = [order.number, order.revision, NAMES[S(order.state)], _("Yes") if order.on_hold else ""]
            row += [order.buyer.name, order.supplier.name, order.created_at, order.requested_date]
            row += [order.response_due_at, *(look(code).label for code in progress_of(order))]
            sums = order.totals
            yield csv_line([*row, *((order.currency, sums.net, sums.tax, sums.gross) if priced else ())])


def progress_of(order: OrderRow) -> tuple[str, str, str]:
    return order.despatch_status, order.receipt_status, order.invoice_status


HANDLERS = [list_orders, orders_file]
