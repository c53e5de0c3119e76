"""The list of orders, on screen and as a file: the same filters in the same address."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get

from portal.access.guards import Acting, allowed, may
from portal.access.queries import colleagues
from portal.orders.forms import OrderRow
from portal.orders.queries import MOST_FOUND, OrderFilter, order_list, side_of
from portal.orders.states import KINDS, NAMES
from portal.organisations.queries import customer_choices, supplier_choices
from portal.platform.fields import CurrencyCode, Day, Line
from portal.platform.i18n import _
from portal.platform.work import View, viewing
from portal.web import page
from portal.web.query import read_query

AnyRequest = Request[Any, Any, Any]
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


async def author_choices(view: View) -> list[tuple[str, str]]:
    """(id, name) of the colleagues who enter orders, the reader first."""
    enters = [each for each in await colleagues(view) if allowed(each, "orders:create")]
    others = sorted((each.name, str(each.person_id)) for each in enters if each.person_id != view.actor.person_id)
    me = [(str(view.actor.person_id), str(_("Me")))] if allowed(view.actor, "orders:create") else []
    return [*me, *((key, name) for name, key in others)]


def filter_of(asked: ListForm) -> OrderFilter:
    given = {name: getattr(asked, name) for name in OrderFilter.__struct_fields__}
    return OrderFilter(**{name: value for name, value in given.items() if value is not None})


def progress_of(order: OrderRow) -> tuple[str, str, str]:
    return order.despatch_status, order.receipt_status, order.invoice_status


HANDLERS = [list_orders]
