"""Lists of orders: one statement a page, filtered and sorted on indexed columns, each naming its side."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.guards import allowed, scoped
from portal.orders.forms import OrderRow, PartyOut, TotalsOut
from portal.orders.queries.live import IS_LIVE
from portal.orders.queries.one import GUARDED
from portal.orders.states import KINDS, NAMES
from portal.platform.actor import Actor
from portal.platform.paging import Bind, Page, Sort, codes, order_of
from portal.platform.scope import visible
from portal.platform.work import View

SORTS = {
    "created": Sort("created_at", datetime.fromisoformat, "timestamptz"),
    "requested": Sort("requested_date", date.fromisoformat, "date"),
    "gross": Sort("gross_minor", int, "bigint"),
}
MOST_FOUND = 1000
_COLUMNS = (
    "id, number, revision, version, state, on_hold, kind, currency, receipt_status, despatch_status, invoice_status, "
    "requested_date, response_due_at, created_at, issued_at, buyer_id, buyer_name, supplier_id, supplier_name, "
    "net, tax, gross, gross_minor"
)
Condition = Callable[[Actor, Bind], str]
_OVERDUE = "o.state = 'issued' and o.response_due_at < portal.now()"
_OWN = {"buyer", "supplier", "totals"}


class OrderFilter(msgspec.Struct, kw_only=True):
    """What a list of orders is narrowed by; absent is no narrowing. Codes may be several, with commas between them."""

    state: str | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    kind: str | None = None
    query: str | None = None
    created_from: date | None = None
    created_to: date | None = None
    requested_before: date | None = None
    on_hold: bool | None = None
    overdue: bool = False
    mine: bool = False


class Listed(NamedTuple):
    """An order in a list, and whether its answer is overdue by the database's clock."""

    order: OrderRow
    overdue: bool


class OrderList(NamedTuple):
    """One page of a list on screen; `found` counts all pages, up to MOST_FOUND + 1."""

    rows: list[Listed]
    newer: str | None
    older: str | None
    found: int


def side_of(actor: Actor, chosen: OrderFilter | None = None) -> str:
    """The column that names the reader's side: the index every list walks.

    Who is both buyer and supplier lists purchases, unless it asks for the orders of which it is the supplier.
    """
    sells = chosen is not None and chosen.supplier_id == actor.organisation_id
    return "buyer_id" if actor.is_buyer and not sells else "shown_to"


def sorts_for(actor: Actor) -> dict[str, Sort]:
    """An order of rows, and a cursor, would tell amounts to who may not see them."""
    return SORTS if allowed(actor, "prices:read") else {name: s for name, s in SORTS.items() if name != "gross"}


async def orders(
    view: View, chosen: OrderFilter, *, sort: str = "-created", cursor: str | None = None, limit: int = 50
) -> Page[OrderRow]:
    """One page of the orders its reader may see, for programs: without a count."""
    found = await order_list(view, chosen, sort=sort, cursor=cursor, limit=limit, counted=False)
    return Page([row.order for row in found.rows], found.older)


async def order_list(
    view: View,
    chosen: OrderFilter,
    *,
    sort: str = "-created",
    cursor: str | None = None,
    limit: int = 50,
    counted: bool = True,
) -> OrderList:
    """One page of the orders its reader may see, with the ways to its neighbours, in one statement."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(sorts_for(view.actor), sort, cursor)
    where = " and ".join(_narrowed(view.actor, chosen, bind))
    after, ending = order.sql("o", bind, limit)
    found = _counted(where, MOST_FOUND + 1) if counted else "0"
    sql = f"select {_COLUMNS}, {_OVERDUE} as overdue, {found} as found from purchase_order o where {where} and {after}"
    records = await view.fetch(f"{sql} {ending}", *bind.values)
    page = order.turned(records, limit, lambda record: record[order.sort.column])
    return OrderList(_listed(view, page.rows), page.newer, page.older, records[0]["found"] if records else 0)


def require_readable(actor: Actor, chosen: OrderFilter, sort: str) -> None:
    """Raise `Malformed` where the list would, for who must know before the first row is read."""
    order_of(sorts_for(actor), sort, None)
    _codes_of(chosen)


async def every_order(view: View, chosen: OrderFilter, *, sort: str, most: int) -> AsyncIterator[OrderRow]:
    """All orders of a list up to `most`, page by page, for a file."""
    cursor, left = None, most
    while left > 0:
        page = await orders(view, chosen, sort=sort, cursor=cursor, limit=min(left, 500))
        for row in page.items:
            yield row
        left, cursor = left - len(page.items), page.next_cursor
        if cursor is None:
            return


async def waiting_orders(
    view: View, condition: Condition, *, permission: str = "orders:read", side: str = "", limit: int = 5
) -> tuple[int, list[Listed]]:
    """A work queue: how many orders wait and the first of them by due time, among the MOST_FOUND that wait longest.

    `condition` says in SQL about `o` which they are. Only orders on which the reader holds `permission` count.
    `side` names the column of a queue that belongs to one side alone.
    """
    bind = Bind(view.actor.organisation_id)
    scope = scoped(view.actor, permission, "o", bind)
    sql = (
        f"with waiting as (select {_COLUMNS}, {_OVERDUE} as overdue from purchase_order o "
        f"where o.{side or side_of(view.actor)} = $1 and {scope} and {condition(view.actor, bind)} "
        f"order by o.created_at, o.id limit {MOST_FOUND}) select *, count(*) over () as waiting from waiting "
        f"order by response_due_at nulls last, requested_date, created_at limit {limit}"
    )
    records = await view.fetch(sql, *bind.values)
    return (records[0]["waiting"] if records else 0), _listed(view, records)


def offers_to_approve(actor: Actor, bind: Bind) -> str:
    """The orders whose counter-offer costs more than was approved, and which the actor may approve at that."""
    scope = "o.purchasing_group, o.cost_centre, o.site_id, o.categories"
    as_offered = f"select o.buyer_id, o.created_by, {scope}, o.currency, r.gross"
    return (
        "o.state = 'conditionally_accepted' and not o.on_hold and exists ("
        f"select from order_response r cross join lateral ({as_offered}) a "
        "where r.order_id = o.id and r.state = 'pending' and r.gross > o.approved_ceiling "
        f"and {scoped(actor, 'orders:approve', 'a', bind)})"
    )


async def open_orders(view: View, suppliers: Sequence[UUID]) -> dict[UUID, int]:
    """How many orders to each of these suppliers are neither draft nor over, up to 100 each."""
    bind = Bind(view.actor.organisation_id, list(suppliers))
    seen = scoped(view.actor, "orders:read", "o", bind)
    where = f"o.supplier_id = s.id and o.buyer_id = $1 and {IS_LIVE} and {seen}"
    sql = f"select s.id, {_counted(where, 100)} as n from unnest($2::uuid[]) as s (id)"
    records = await view.fetch(sql, *bind.values)
    return {record["id"]: record["n"] for record in records}


def _counted(where: str, most: int) -> str:
    return f"(select count(*) from (select from purchase_order o where {where} limit {most}) c)"


def _narrowed(actor: Actor, chosen: OrderFilter, bind: Bind) -> list[str]:
    side = side_of(actor, chosen)
    parts = [f"o.{side} = $1", scoped(actor, "orders:read", "o", bind)]
    equal = ("supplier_id", "buyer_id", "on_hold")
    parts += [f"o.{name} = {bind(value)}" for name in equal if (value := getattr(chosen, name)) is not None]
    parts += [f"o.{name} = any({bind(wanted)}::text[])" for name, wanted in _codes_of(chosen).items() if wanted]
    if chosen.overdue:
        parts.append(_OVERDUE)
    if chosen.mine:
        parts.append(f"o.created_by = {bind(actor.person_id)}::uuid")
    return parts + _dated(actor, chosen, bind) + _worded(chosen, bind, side)


def _codes_of(chosen: OrderFilter) -> dict[str, list[str] | None]:
    return {"state": codes("state", chosen.state, NAMES), "kind": codes("kind", chosen.kind, KINDS)}


def _dated(actor: Actor, chosen: OrderFilter, bind: Bind) -> list[str]:
    """Days of entry begin and end where the reader is; a requested date is a date and nothing else."""
    parts = []
    zone = bind(actor.time_zone) if chosen.created_from or chosen.created_to else ""
    if chosen.created_from:
        parts.append(f"o.created_at >= {bind(chosen.created_from)}::date::timestamp at time zone {zone}")
    if chosen.created_to:
        parts.append(f"o.created_at < ({bind(chosen.created_to)}::date + 1)::timestamp at time zone {zone}")
    if chosen.requested_before:
        parts.append(f"o.requested_date < {bind(chosen.requested_before)}")
    return parts


def _worded(chosen: OrderFilter, bind: Bind, side: str) -> list[str]:
    words = (chosen.query or "").lower().split()[:8]
    if not words:
        return []
    patterns = ["%" + _literal(word) + "%" for word in words]
    of_side = "supplier" if side == "shown_to" else "buyer"
    return [f"o.id in (select portal.find_orders({bind(patterns)}, {bind(of_side)}, {MOST_FOUND}))"]


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _listed(view: View, records: list[Any]) -> list[Listed]:
    def may(permission: str) -> bool:
        return allowed(view.actor, permission)

    return [Listed(visible(_row(record), GUARDED, may), bool(record["overdue"])) for record in records]


def _row(record: Any) -> OrderRow:
    own = {name: record[name] for name in OrderRow.__struct_fields__ if name not in _OWN}
    return OrderRow(
        **own,
        buyer=PartyOut(record["buyer_id"], record["buyer_name"]),
        supplier=PartyOut(record["supplier_id"], record["supplier_name"]),
        totals=TotalsOut(record["net"], record["tax"], record["gross"]),
    )
