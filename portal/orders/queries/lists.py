"""Lists of orders: one statement a page, filtered and sorted on indexed columns, each naming its side."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from portal.access.guards import allowed, scoped
from portal.orders.forms import OrderRow, PartyOut, TotalsOut
from portal.orders.queries.one import GUARDED
from portal.platform.actor import Actor
from portal.platform.paging import Bind, Order, Page, Sort, order_of
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
_OWN = {"buyer", "supplier", "totals"}


class OrderFilter(msgspec.Struct, kw_only=True):
    """What a list of orders is narrowed by; absent is no narrowing."""

    state: str | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    kind: str | None = None
    query: str | None = None
    created_from: date | None = None
    created_to: date | None = None
    requested_before: date | None = None
    on_hold: bool | None = None


def side_of(actor: Actor) -> str:
    """The column that names the reader's side: the index every list walks."""
    return "buyer_id" if actor.is_buyer else "shown_to"


async def orders(
    view: View, chosen: OrderFilter, *, sort: str = "-created", cursor: str | None = None, limit: int = 50
) -> Page[OrderRow]:
    """One page of the orders its reader may see."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, sort, cursor)
    after, ending = order.sql("o", bind, limit)
    conditions = [f"o.{side_of(view.actor)} = $1", scoped(view.actor, "orders:read", "o", bind), after]
    conditions += _narrowed(chosen, bind, side_of(view.actor))
    sql = f"select {_COLUMNS} from purchase_order o where {' and '.join(conditions)} {ending}"
    records = await view.fetch(sql, *bind.values)
    rows = [
        visible(_row(record), GUARDED, lambda permission: allowed(view.actor, permission)) for record in records[:limit]
    ]
    return Page(rows, _next(order, records, limit))


async def waiting_orders(view: View, condition: str, *values: Any, limit: int = 8) -> tuple[int, list[OrderRow]]:
    """A work queue: how many orders wait (counted up to 1,000) and the first of them by due time."""
    side = side_of(view.actor)
    bind = Bind(view.actor.organisation_id, *values)
    where = f"o.{side} = $1 and {scoped(view.actor, 'orders:read', 'o', bind)} and {condition}"
    sql = (
        f"with waiting as (select {_COLUMNS} from purchase_order o where {where} limit 1000) "
        f"select *, count(*) over () as waiting from waiting "
        f"order by response_due_at nulls last, requested_date, created_at limit {limit}"
    )
    records = await view.fetch(sql, *bind.values)
    rows = [visible(_row(record), GUARDED, lambda permission: allowed(view.actor, permission)) for record in records]
    return (records[0]["waiting"] if records else 0), rows


def _narrowed(chosen: OrderFilter, bind: Bind, side: str) -> list[str]:
    equal = ("supplier_id", "buyer_id", "kind", "on_hold")
    parts = [f"o.{name} = {bind(value)}" for name in equal if (value := getattr(chosen, name)) is not None]
    if chosen.state:
        parts.append(f"o.state = any({bind(chosen.state.split(','))}::text[])")
    if chosen.created_from:
        parts.append(f"o.created_at >= {bind(chosen.created_from)}::date")
    if chosen.created_to:
        parts.append(f"o.created_at < {bind(chosen.created_to)}::date + 1")
    if chosen.requested_before:
        parts.append(f"o.requested_date < {bind(chosen.requested_before)}")
    words = (chosen.query or "").lower().split()[:8]
    if words:
        patterns = ["%" + _literal(word) + "%" for word in words]
        of_side = "supplier" if side == "shown_to" else "buyer"
        parts.append(f"o.id in (select portal.find_orders({bind(patterns)}, {bind(of_side)}, {MOST_FOUND}))")
    return parts


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _row(record: Any) -> OrderRow:
    own = {name: record[name] for name in OrderRow.__struct_fields__ if name not in _OWN}
    return OrderRow(
        **own,
        buyer=PartyOut(record["buyer_id"], record["buyer_name"]),
        supplier=PartyOut(record["supplier_id"], record["supplier_name"]),
        totals=TotalsOut(record["net"], record["tax"], record["gross"]),
    )


def _next(order: Order, records: list[Any], limit: int) -> str | None:
    return order.page(records, limit, lambda record: record[order.sort.column])
