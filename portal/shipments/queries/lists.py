"""Lists of despatch advices: one statement a page, each naming its reader's side."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.orders.queries import orders_worded
from portal.organisations.forms import PartyOut
from portal.platform.actor import Actor
from portal.platform.paging import Bind, Page, Sort, codes, one_of, order_of
from portal.platform.search import begins
from portal.platform.wiring import NARROWINGS
from portal.platform.work import View
from portal.shipments.forms import AdviceRow, OrderRef
from portal.shipments.queries.side import readable, reads_as_buyer, side_of
from portal.shipments.states import NAMES

SORTS = {
    "created": Sort("created_at", datetime.fromisoformat, "timestamptz"),
    "expected": Sort("expected_date", date.fromisoformat, "date"),
}
MOST_FOUND = 1000
ARRIVALS = ("none", "partial", "complete")
_OWN = {"supplier", "buyer", "orders"}
_PLAIN = [name for name in AdviceRow.__struct_fields__ if name not in _OWN]
_ORDERS = (
    "(select jsonb_agg(distinct jsonb_build_object('id', l.order_id, 'number', l.order_number)) "
    "from despatch_line l where l.advice_id = d.id) as orders"
)
COLUMNS = f"{', '.join(f'd.{name}' for name in _PLAIN)}, supplier_id, supplier_name, buyer_id, buyer_name, {_ORDERS}"


class AdviceFilter(msgspec.Struct, kw_only=True):
    """What a list is narrowed by; absent is no narrowing. `state` and `receipt_status` take codes with commas.

    `query` is the beginning of the advice's number or of its tracking's, or words of the orders in it.
    """

    state: str | None = None
    receipt_status: str | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    order_id: UUID | None = None
    number: str | None = None
    expected_before: date | None = None
    query: str | None = None
    late: bool = False
    open: str | None = None


class Listed(NamedTuple):
    """A despatch advice in a list; `overdue` if its day has passed where its reader is and not all of it came."""

    advice: AdviceRow
    overdue: bool


class AdviceList(NamedTuple):
    """One page of a list on screen; `found` counts all pages, up to MOST_FOUND + 1."""

    rows: list[Listed]
    newer: str | None
    older: str | None
    found: int


async def advices(
    view: View, chosen: AdviceFilter, *, sort: str = "-created", cursor: str | None = None, limit: int = 50
) -> Page[AdviceRow]:
    """One page of the advices its reader may see, for programs: without a count."""
    found = await advice_list(view, chosen, sort=sort, cursor=cursor, limit=limit, counted=False)
    return Page([row.advice for row in found.rows], found.older)


async def advice_list(
    view: View,
    chosen: AdviceFilter,
    *,
    sort: str = "-created",
    cursor: str | None = None,
    limit: int = 50,
    counted: bool = True,
) -> AdviceList:
    """One page of the advices its reader may see, with the ways to its neighbours, in one statement."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, sort, cursor)
    late = overdue(view.actor, bind)
    where = " and ".join(_conditions(view.actor, chosen, late, bind))
    after, ending = order.sql("d", bind, limit)
    found = f"(select count(*) from (select from despatch_advice d where {where} limit {MOST_FOUND + 1}) c)"
    sql = (
        f"select {COLUMNS}, {late} as overdue, {found if counted else 0} as found "
        f"from despatch_advice d where {where} and {after} {ending}"
    )
    records = await view.fetch(sql, *bind.values)
    page = order.turned(records, limit, lambda record: record[order.sort.column])
    return AdviceList(listed(page.rows), page.newer, page.older, records[0]["found"] if records else 0)


async def advices_of_order(view: View, order_id: UUID) -> list[Any]:
    """The advices of one order, oldest first, with who despatched them: whatever row-level security shows."""
    sql = (
        f"select {COLUMNS}, d.created_by, d.despatched_by from despatch_advice d where d.state <> 'cancelled' "
        "and d.id in (select advice_id from despatch_line where order_id = $1) order by d.created_at limit 200"
    )
    return await view.fetch(sql, order_id)


def _worded(actor: Actor, words: str, bind: Bind) -> str:
    of_orders = orders_worded(words, bind, buys=reads_as_buyer(actor))
    numbers = f"{begins('d.number', words.upper(), bind)} or {begins('d.tracking_number', words, bind)}"
    return f"({numbers} or d.id in (select advice_id from despatch_line where order_id in {of_orders}))"


def overdue(actor: Actor, bind: Callable[[Any], str]) -> str:
    """SQL: the day on which the goods were expected has passed in the reader's time zone, and they are not all here."""
    today = f"(portal.now() at time zone {bind(actor.time_zone)})::date"
    return f"(d.state = 'despatched' and d.receipt_status <> 'complete' and coalesce(d.expected_date < {today}, false))"


def listed(records: Sequence[Any]) -> list[Listed]:
    return [Listed(row_of(record), record["overdue"]) for record in records]


def row_of(record: Any) -> AdviceRow:
    return AdviceRow(
        **{name: record[name] for name in _PLAIN},
        supplier=PartyOut(record["supplier_id"], record["supplier_name"]),
        buyer=PartyOut(record["buyer_id"], record["buyer_name"]),
        orders=msgspec.convert(record["orders"] or [], list[OrderRef]),
    )


def _conditions(actor: Actor, chosen: AdviceFilter, late: str, bind: Bind) -> list[str]:
    equal = ("supplier_id", "buyer_id", "number")
    parts = [f"d.{side_of(actor)} = $1", readable(actor, "d", bind)]
    parts += [f"d.{name} = {bind(value)}" for name in equal if (value := getattr(chosen, name)) is not None]
    for name, known in (("state", NAMES), ("receipt_status", ARRIVALS)):
        if chosen_codes := codes(name, getattr(chosen, name), known):
            parts.append(f"d.{name} = any({bind(chosen_codes)}::text[])")
    if chosen.order_id:
        parts.append(f"d.id in (select advice_id from despatch_line where order_id = {bind(chosen.order_id)})")
    if chosen.expected_before:
        parts.append(f"d.expected_date < {bind(chosen.expected_before)}")
    if words := (chosen.query or "").strip():
        parts.append(_worded(actor, words, bind))
    if waits := one_of("open", chosen.open, NARROWINGS["despatch-advice"]):
        parts.append(waits.sql(actor, bind))
    return [*parts, late] if chosen.late else parts
