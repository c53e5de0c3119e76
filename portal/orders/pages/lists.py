"""The list of orders, on screen and as a file: the same filters in the same address."""

from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get

from portal.access.guards import Acting, allowed, may
from portal.access.queries import COLLEAGUES
from portal.orders.forms import OrderRow
from portal.orders.queries import OrderFilter, order_list, side_of
from portal.orders.states import KINDS, NAMES
from portal.organisations.queries import Choices, customer_choices_sql, supplier_choices_sql
from portal.platform.actor import Actor
from portal.platform.fields import CurrencyCode, Day, Line
from portal.platform.i18n import _
from portal.platform.paging import Bind
from portal.platform.work import viewing
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
    contract_id: UUID | None = None
    sort: Line | None = None
    cursor: Line | None = None


@get("/orders", guards=[may("orders:read")], include_in_schema=False)
async def list_orders(request: AnyRequest, actor: Acting) -> Response[Any]:
    asked = read_query(request.query_params, ListForm)
    chosen = filter_of(asked)
    buys = side_of(actor, chosen) == "buyer_id"
    async with viewing(actor, report=True) as view:
        beside = partial(_beside, asked=asked, buys=buys)
        found = await order_list(view, chosen, sort=asked.sort or USUAL, cursor=asked.cursor, beside=beside)
    return page(
        "orders/list.html",
        found=found,
        asked=asked,
        sort=asked.sort or USUAL,
        parties=Choices.of(found.beside["parties"], str(asked.supplier_id if buys else asked.buyer_id)),
        authors=author_choices(actor, found.beside["authors"]) if buys else [],
        currencies=sorted({*USUAL_CURRENCIES, *(row.order.currency for row in found.rows), asked.currency or "EUR"}),
        buys=buys,
        states=[(state, name) for state, name in NAMES.items() if buys or state not in _UNSEEN],
        kinds=KINDS,
        waits=chosen.narrowing.title if chosen.narrowing else "",
        cap=found.cap,
        priced=allowed(actor, "prices:read"),
        creates=allowed(actor, "orders:create"),
    )


def _beside(bind: Bind, asked: ListForm, buys: bool) -> str:
    """What the list's filters offer: partners, and colleagues with their roles."""
    parties = supplier_choices_sql(bind, asked.supplier_id) if buys else customer_choices_sql(bind, asked.buyer_id)
    return (
        f"jsonb_build_object('parties', (select coalesce(jsonb_agg(c), '[]') from ({parties}) c), "
        f"'authors', (select coalesce(jsonb_agg(c), '[]') from ({COLLEAGUES}) c))"
    )


def author_choices(actor: Actor, members: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """(id, name) of the colleagues who enter orders, the reader first."""
    enters = [each for each in members if _enters(actor, each["roles"]) and each["id"] != str(actor.person_id)]
    me = [(str(actor.person_id), str(_("Me")))] if allowed(actor, "orders:create") else []
    return [*me, *((key, name) for name, key in sorted((each["name"], each["id"]) for each in enters))]


def _enters(actor: Actor, roles: list[str]) -> bool:
    return allowed(msgspec.structs.replace(actor, roles=frozenset({*roles, "anyone"})), "orders:create")


def filter_of(asked: ListForm) -> OrderFilter:
    given = {name: getattr(asked, name) for name in OrderFilter.__struct_fields__}
    return OrderFilter(**{name: value for name, value in given.items() if value is not None})


def progress_of(order: OrderRow) -> tuple[str, str, str]:
    return order.despatch_status, order.receipt_status, order.invoice_status


HANDLERS = [list_orders]
