"""Lists of goods receipts: one statement a page, each naming its reader's side."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.guards import scoped
from portal.orders.queries import orders_worded
from portal.organisations.forms import PartyOut
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.paging import Bind, Page, Sort, codes, one_of, order_of
from portal.platform.search import begins
from portal.platform.wiring import NARROWINGS, Narrowing
from portal.platform.work import View
from portal.receipts.forms import ReceiptRow
from portal.receipts.states import NAMES
from portal.shipments.forms import OrderRef
from portal.shipments.queries import reads_as_buyer, within_orders

READ = "goods-receipts:read"
SORTS = {
    "booked": Sort("booked_at", datetime.fromisoformat, "timestamptz"),
    "delivered": Sort("delivered_at", datetime.fromisoformat, "timestamptz"),
}
MOST_FOUND = 1000
_SHOWN = 8
_OWN = {"buyer", "supplier", "orders", "has_rejected"}
_PLAIN = [name for name in ReceiptRow.__struct_fields__ if name not in _OWN]
_COLUMNS = f"""{", ".join(f"g.{name}" for name in _PLAIN)}, buyer_id, buyer_name, supplier_id, supplier_name,
  (select coalesce(jsonb_agg(distinct jsonb_build_object('id', l.order_id, 'number', l.order_number)), '[]')
   from goods_receipt_line l where l.receipt_id = g.id) as orders,
  exists (select from goods_receipt_line l where l.receipt_id = g.id and l.rejected > 0)
    or exists (select from goods_inspection i where i.receipt_id = g.id and i.state = 'booked' and i.rejected > 0)
    as has_rejected"""


class ReceiptFilter(msgspec.Struct, kw_only=True):
    """What a list is narrowed by; absent is no narrowing. Days are of the reader's time zone.

    `open` is a work queue. `query` is the beginning of the receipt's number or of its delivery note's, or words of the
    orders in it.
    """

    state: str | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    order_id: UUID | None = None
    despatch_advice_id: UUID | None = None
    number: str | None = None
    delivered_from: date | None = None
    delivered_to: date | None = None
    query: str | None = None
    open: str | None = None


class ReceiptList(NamedTuple):
    """One page of a list on screen; `found` counts all pages, up to MOST_FOUND + 1."""

    rows: list[ReceiptRow]
    newer: str | None
    older: str | None
    found: int


def _to_inspect(_actor: Actor, _bind: Callable[[Any], str]) -> str:
    return f"g.state = 'booked' and g.id in (select receipt_id from goods_receipt_line l where {_WAITING})"


# Lines `l` of receipts of which something waits in inspection; most lines never do, and an index knows the others.
_WAITING = """l.to_inspect > 0 and l.to_inspect > coalesce((select sum(i.accepted + i.rejected) from goods_inspection i
  where i.receipt_line_id = l.id and i.state = 'booked'), 0)"""
RECEIPTS_OPEN = {"inspect": Narrowing(_("Goods to inspect"), _to_inspect, "goods-receipts:inspect", "buyer_id")}


async def to_inspect(view: View) -> tuple[int, list[ReceiptRow]]:
    """Receipts with goods in inspection: how many, and those that came first."""
    waits, bind = RECEIPTS_OPEN["inspect"], Bind(view.actor.organisation_id)
    where = f"g.buyer_id = $1 and {waits.sql(view.actor, bind)} and {readable(view.actor, 'g', bind)}"
    sql = (
        f"with g as (select * from goods_receipt g where {where} limit {MOST_FOUND}) "
        f"select {_COLUMNS}, count(*) over () as waiting from g order by g.delivered_at limit {_SHOWN}"
    )
    records = await view.fetch(sql, *bind.values)
    return records[0]["waiting"] if records else 0, [row_of(record) for record in records]


def readable(actor: Actor, alias: str, bind: Callable[[Any], str]) -> str:
    """An SQL condition: the receipts the reader's role reaches; a buyer's scope is that of the orders in them."""
    if not reads_as_buyer(actor):
        return scoped(actor, READ, alias, bind)
    lines = "select from goods_receipt_line l join purchase_order o on o.id = l.order_id"
    return within_orders(scoped(actor, READ, "o", bind), f"{lines} where l.receipt_id = {alias}.id")


async def receipts(
    view: View, chosen: ReceiptFilter, *, sort: str = "-booked", cursor: str | None = None, limit: int = 50
) -> Page[ReceiptRow]:
    """One page of the receipts its reader may see, for programs: without a count."""
    found = await receipt_list(view, chosen, sort=sort, cursor=cursor, limit=limit, counted=False)
    return Page(found.rows, found.older)


async def receipt_list(
    view: View,
    chosen: ReceiptFilter,
    *,
    sort: str = "-booked",
    cursor: str | None = None,
    limit: int = 50,
    counted: bool = True,
) -> ReceiptList:
    """One page of the receipts its reader may see, with the ways to its neighbours, in one statement."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, sort, cursor)
    where = " and ".join(_conditions(view.actor, chosen, bind))
    after, ending = order.sql("g", bind, limit)
    found = f"(select count(*) from (select from goods_receipt g where {where} limit {MOST_FOUND + 1}) c)"
    sql = (
        f"select {_COLUMNS}, {found if counted else 0} as found from goods_receipt g where {where} and {after} {ending}"
    )
    records = await view.fetch(sql, *bind.values)
    page = order.turned(records, limit, lambda record: record[order.sort.column])
    rows = [row_of(record) for record in page.rows]
    return ReceiptList(rows, page.newer, page.older, records[0]["found"] if records else 0)


async def receipts_of_order(view: View, order_id: UUID) -> list[Any]:
    """The receipts of one order, oldest first, with who booked and who reversed them."""
    return await _told(view, "g.id in (select receipt_id from goods_receipt_line where order_id = $1)", order_id)


async def receipts_of_advice(view: View, advice_id: UUID) -> list[Any]:
    """The receipts of one delivery, oldest first, with who booked and who reversed them."""
    return await _told(view, "g.despatch_advice_id = $1", advice_id)


async def _told(view: View, condition: str, value: UUID) -> list[Any]:
    more = "g.created_by, g.reversed_by, g.reversed_at, g.reversal_reason"
    return await view.fetch(
        f"select {_COLUMNS}, {more} from goods_receipt g where {condition} order by g.booked_at limit 200", value
    )


def row_of(record: Any) -> ReceiptRow:
    return ReceiptRow(
        **{name: record[name] for name in _PLAIN},
        buyer=PartyOut(record["buyer_id"], record["buyer_name"]),
        supplier=PartyOut(record["supplier_id"], record["supplier_name"]),
        orders=msgspec.convert(record["orders"], list[OrderRef]),
        has_rejected=record["has_rejected"],
    )


def _worded(actor: Actor, words: str, bind: Bind) -> str:
    of_orders = orders_worded(words, bind, buys=reads_as_buyer(actor))
    numbers = f"{begins('g.number', words.upper(), bind)} or {begins('g.delivery_note', words, bind)}"
    return f"({numbers} or g.id in (select receipt_id from goods_receipt_line where order_id in {of_orders}))"


def _conditions(actor: Actor, chosen: ReceiptFilter, bind: Bind) -> list[str]:
    equal = ("supplier_id", "buyer_id", "despatch_advice_id", "number")
    side = "buyer_id" if reads_as_buyer(actor) else "shown_to"
    parts = [f"g.{side} = $1", readable(actor, "g", bind)]
    parts += [f"g.{name} = {bind(value)}" for name in equal if (value := getattr(chosen, name)) is not None]
    if states := codes("state", chosen.state, NAMES):
        parts.append(f"g.state = any({bind(states)}::text[])")
    if chosen.order_id:
        parts.append(f"g.id in (select receipt_id from goods_receipt_line where order_id = {bind(chosen.order_id)})")
    if waits := one_of("open", chosen.open, NARROWINGS["goods-receipt"]):
        parts.append(waits.sql(actor, bind))
    if words := (chosen.query or "").strip():
        parts.append(_worded(actor, words, bind))
    zone = bind(actor.time_zone) if chosen.delivered_from or chosen.delivered_to else ""
    if chosen.delivered_from:
        parts.append(f"g.delivered_at >= {bind(chosen.delivered_from)}::date::timestamp at time zone {zone}")
    if chosen.delivered_to:
        parts.append(f"g.delivered_at < ({bind(chosen.delivered_to)}::date + 1)::timestamp at time zone {zone}")
    return parts
