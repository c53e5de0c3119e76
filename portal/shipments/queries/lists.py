"""Lists of despatch advices: one statement a page, each naming its reader's side."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from portal.orders.forms import PartyOut
from portal.platform.paging import Bind, Page, Sort, order_of
from portal.platform.work import View
from portal.shipments.forms import AdviceRow, OrderRef
from portal.shipments.queries.side import readable, side_of

SORTS = {
    "created": Sort("created_at", datetime.fromisoformat, "timestamptz"),
    "expected": Sort("expected_date", date.fromisoformat, "date"),
}
_OWN = {"supplier", "buyer", "orders"}
_PLAIN = [name for name in AdviceRow.__struct_fields__ if name not in _OWN]
_ORDERS = (
    "(select jsonb_agg(distinct jsonb_build_object('id', l.order_id, 'number', l.order_number)) "
    "from despatch_line l where l.advice_id = d.id) as orders"
)
COLUMNS = f"{', '.join(f'd.{name}' for name in _PLAIN)}, supplier_id, supplier_name, buyer_id, buyer_name, {_ORDERS}"


class AdviceFilter(msgspec.Struct, kw_only=True):
    """What a list is narrowed by; absent is no narrowing. `state` and `receipt_status` take codes with commas."""

    state: str | None = None
    receipt_status: str | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    order_id: UUID | None = None
    number: str | None = None
    expected_before: date | None = None


async def advices(
    view: View, chosen: AdviceFilter, *, sort: str = "-created", cursor: str | None = None, limit: int = 50
) -> Page[AdviceRow]:
    """One page of the advices its reader may see."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, sort, cursor)
    after, ending = order.sql("d", bind, limit)
    conditions = [f"d.{side_of(view.actor)} = $1", readable(view.actor, "d", bind), after, *_narrowed(chosen, bind)]
    sql = f"select {COLUMNS} from despatch_advice d where {' and '.join(conditions)} {ending}"
    records = await view.fetch(sql, *bind.values)
    following = order.page(records, limit, lambda record: record[order.sort.column])
    return Page([row_of(record) for record in records[:limit]], following)


async def advices_of_order(view: View, order_id: UUID) -> list[Any]:
    """The advices of one order, oldest first, with who despatched them: whatever row-level security shows."""
    sql = (
        f"select {COLUMNS}, d.created_by, d.despatched_by from despatch_advice d where d.state <> 'cancelled' "
        "and d.id in (select advice_id from despatch_line where order_id = $1) order by d.created_at limit 200"
    )
    return await view.fetch(sql, order_id)


def row_of(record: Any) -> AdviceRow:
    return AdviceRow(
        **{name: record[name] for name in _PLAIN},
        supplier=PartyOut(record["supplier_id"], record["supplier_name"]),
        buyer=PartyOut(record["buyer_id"], record["buyer_name"]),
        orders=msgspec.convert(record["orders"] or [], list[OrderRef]),
    )


def _narrowed(chosen: AdviceFilter, bind: Bind) -> list[str]:
    equal = ("supplier_id", "buyer_id", "number")
    parts = [f"d.{name} = {bind(value)}" for name in equal if (value := getattr(chosen, name)) is not None]
    for name in ("state", "receipt_status"):
        if codes := getattr(chosen, name):
            parts.append(f"d.{name} = any({bind(codes.split(','))}::text[])")
    if chosen.order_id:
        parts.append(f"d.id in (select advice_id from despatch_line where order_id = {bind(chosen.order_id)})")
    if chosen.expected_before:
        parts.append(f"d.expected_date < {bind(chosen.expected_before)}")
    return parts
