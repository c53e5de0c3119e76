"""What was bought: of an item, of a supplier, at what price. Each names its reader's side; a list is one statement.

A price is told per one of the order line's unit, after the agreed discount, so that prices with other bases compare.
What was paid is the price of the last invoice that was paid or approved for payment.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.guards import allowed, scoped
from portal.platform.guarded import FIELDS
from portal.platform.paging import Bind, Page, Sort, order_of
from portal.platform.scope import Guarded, visible
from portal.platform.work import View

_MONEY = "(l.kind = 'limit' and l.unit_price = l.base_quantity)"
GUARDED = FIELDS["bought"]
MOST_POINTS = 200
MOST_SUPPLIERS = 50
_ORDERS = {"created": Sort("created_at", datetime.fromisoformat, "timestamptz")}
_ISSUED = {"issued": Sort("issued_at", datetime.fromisoformat, "timestamptz")}
_ITEMS = {"number": Sort("number", str, "text")}


def _each(line: str) -> str:
    """SQL: the price for one of the line's unit."""
    price = f"{line}.unit_price * {line}.price_factor * (100 - {line}.discount) / 100 / {line}.base_quantity"
    return f"trim_scale(round({price}, 12))"


class OrderedLine(msgspec.Struct):
    """An order line of the item."""

    id: UUID
    order_id: UUID
    number: str
    state: str
    supplier_id: UUID
    supplier_name: str
    created_at: datetime
    quantity: Decimal | None
    received: Decimal | None
    unit: str
    currency: str
    price: Decimal | None
    counts_money: bool

    @property
    def guarded_here(self) -> Guarded:
        """Of a service up to a limit at a price of 1 the quantity is an amount of money."""
        return {"prices:read": frozenset({"quantity", "received"})} if self.counts_money else {}


class SupplierOfItem(msgspec.Struct):
    """Who supplies an item in a currency and a unit: how often, how much, at what price last, asked today and paid."""

    supplier_id: UUID
    supplier_name: str
    currency: str
    unit: str
    orders: int
    quantity: Decimal | None
    last_ordered: date
    last_price: Decimal | None
    asked: Decimal | None
    paid: Decimal | None
    counts_money: bool

    @property
    def guarded_here(self) -> Guarded:
        return {"prices:read": frozenset({"quantity"})} if self.counts_money else {}


class Point(NamedTuple):
    """What was agreed on for an item on a day."""

    day: date
    supplier_name: str
    number: str
    order_id: UUID
    currency: str
    unit: str
    price: Decimal


class AgreedPrice(msgspec.Struct):
    """The same of one order line, for programs."""

    id: UUID
    day: date
    supplier_id: UUID
    supplier_name: str
    number: str
    order_id: UUID
    currency: str
    unit: str
    price: Decimal


class PaidItem(msgspec.Struct):
    """What a supplier was last ordered an item at, what of it was paid, and what it asks for today."""

    id: UUID
    number: str
    name: str
    order_id: UUID
    order_number: str
    last_ordered: date
    currency: str
    unit: str
    last_price: Decimal | None
    asked: Decimal | None
    paid: Decimal | None


# The lines `l` of issued orders `o` that somebody stands by, with what was paid for them last, and what their supplier
# asks for today.
_BOUGHT = """
from purchase_order_line l join purchase_order o on o.id = l.order_id join item i on i.id = l.item_id
cross join lateral (select (o.issued_at at time zone b.time_zone)::date as day,
  (portal.now() at time zone b.time_zone)::date as today from organisation b where b.id = o.buyer_id) d
where o.buyer_id = $1 and o.shown_to is not null and o.issued_at is not null
  and o.state not in ('rejected', 'cancelled') and {mine}
"""
_PAID = f"""left join lateral (
  select {_each("v")} as paid from invoice_line v join invoice n on n.id = v.invoice_id
  where v.order_line_id = any (f.lines) and n.state in ('approved', 'settled')
  order by n.submitted_at desc limit 1) p on true"""
_ASKED = """left join lateral (
  select trim_scale(round(p.unit_price / p.base_quantity, 12)) as asked from supplier_price p
  where p.buyer_id = $1 and p.supplier_id = f.supplier_id and p.item_id = f.item_id and p.currency = f.currency
    and p.unit = f.unit and coalesce(p.valid_from, '-infinity') <= f.today
    and coalesce(p.valid_to, 'infinity') >= f.today
    and not exists (select from supplier_price n where n.buyer_id = p.buyer_id and n.supplier_id = p.supplier_id
      and n.item_id = p.item_id and n.currency = p.currency and n.valid_from > coalesce(p.valid_from, '-infinity')
      and n.valid_from <= f.today and coalesce(n.valid_to, 'infinity') >= f.today)
  order by coalesce(p.minimum_quantity, 0), p.valid_from desc nulls last limit 1) a on true"""


async def orders_of_item(view: View, item_id: UUID, *, cursor: str | None = None, limit: int = 50) -> Page[OrderedLine]:
    """The order lines of an item that its reader may see, newest first."""
    bind = Bind(view.actor.organisation_id, item_id)
    order = order_of(_ORDERS, "-created", cursor)
    inner = f"""select l.id, o.id as order_id, o.number, o.state, o.supplier_id, o.supplier_name, o.created_at,
      l.quantity, l.received, l.unit, o.currency, {_each("l")} as price, {_MONEY} as counts_money
    from purchase_order_line l join purchase_order o on o.id = l.order_id
    where l.item_id = $2 and o.buyer_id = $1 and {scoped(view.actor, "orders:read", "o", bind)}"""
    after, ending = order.sql("b", bind, limit)
    records = await view.fetch(f"select * from ({inner}) b where {after} {ending}", *bind.values)
    page = order.turned(records, limit, lambda record: record["created_at"])
    return Page([_seen(view, OrderedLine(**record)) for record in page.rows], page.older)


async def suppliers_of_item(view: View, item_id: UUID) -> list[SupplierOfItem]:
    """Who supplied an item, whoever did last first."""
    bind = Bind(view.actor.organisation_id, item_id)
    of_each = f"""select o.supplier_id, max(o.supplier_name) as supplier_name, o.currency, l.unit, l.item_id,
      count(distinct o.id) as orders, sum(l.quantity) as quantity, max(d.day) as last_ordered, max(d.today) as today,
      (array_agg({_each("l")} order by o.issued_at desc))[1] as last_price, array_agg(l.id) as lines,
      bool_or({_MONEY}) as counts_money
      {_BOUGHT.format(mine=_mine(view, bind))} and l.item_id = $2
      group by o.supplier_id, o.currency, l.unit, l.item_id"""
    sql = f"""select f.supplier_id, f.supplier_name, f.currency, f.unit, f.orders, f.quantity, f.last_ordered,
      f.last_price, a.asked, p.paid, f.counts_money from ({of_each}) f {_PAID} {_ASKED}
      order by f.last_ordered desc, f.supplier_name limit {MOST_SUPPLIERS}"""
    return [_seen(view, row) for row in await view.structs(SupplierOfItem, sql, *bind.values)]


async def prices_of_item(view: View, item_id: UUID) -> list[Point]:
    """What was agreed on for an item, the newest first, no further back than a chart can show."""
    bind = Bind(view.actor.organisation_id, item_id)
    sql = f"""select d.day, o.supplier_name, o.number, o.id as order_id, o.currency, l.unit, {_each("l")} as price
      {_BOUGHT.format(mine=_mine(view, bind))} and l.item_id = $2 and not l.free_of_charge
      order by o.issued_at desc, o.id limit {MOST_POINTS}"""
    return [Point(**record) for record in await view.fetch(sql, *bind.values)]


async def prices_then(view: View, item_id: UUID, *, cursor: str | None = None, limit: int = 50) -> Page[AgreedPrice]:
    """What was agreed on for an item, the newest first, page by page."""
    bind = Bind(view.actor.organisation_id, item_id)
    order = order_of(_ISSUED, "-issued", cursor)
    inner = f"""select l.id, o.issued_at, d.day, o.supplier_id, o.supplier_name, o.number, o.id as order_id, o.currency,
      l.unit, {_each("l")} as price {_BOUGHT.format(mine=_mine(view, bind))}
      and l.item_id = $2 and not l.free_of_charge"""
    after, ending = order.sql("b", bind, limit)
    records = await view.fetch(f"select * from ({inner}) b where {after} {ending}", *bind.values)
    page = order.turned(records, limit, lambda record: record["issued_at"])
    names = AgreedPrice.__struct_fields__
    return Page([AgreedPrice(**{name: record[name] for name in names}) for record in page.rows], page.older)


async def paid_to(view: View, supplier_id: UUID, *, cursor: str | None = None, limit: int = 50) -> Page[PaidItem]:
    """The items that a supplier was ordered, by number, with the last price of each."""
    bind = Bind(view.actor.organisation_id, supplier_id)
    order = order_of(_ITEMS, "number", cursor)
    of_each = f"""select i.id, i.number, i.name, l.item_id, o.supplier_id, l.unit, o.currency, d.today,
      o.id as order_id, o.number as order_number, d.day as last_ordered, {_each("l")} as last_price,
      array_agg(l.id) over (partition by l.item_id) as lines,
      row_number() over (partition by l.item_id order by o.issued_at desc, l.id) as place
      {_BOUGHT.format(mine=_mine(view, bind))} and o.supplier_id = $2"""
    after, ending = order.sql("f", bind, limit)
    page_of = f"select * from ({of_each}) f where place = 1 and {after} {ending}"
    wanted = ", ".join(f"f.{name}" for name in PaidItem.__struct_fields__ if name not in ("asked", "paid"))
    sql = f"select {wanted}, a.asked, p.paid from ({page_of}) f {_PAID} {_ASKED} order by f.number, f.id"
    records = await view.fetch(sql, *bind.values)
    page = order.turned(records, limit, lambda record: record["number"])
    return Page([_seen(view, PaidItem(**record)) for record in page.rows], page.older)


def _mine(view: View, bind: Callable[[Any], str]) -> str:
    return scoped(view.actor, "orders:read", "o", bind)


def _seen(view: View, row: Any) -> Any:
    return visible(row, GUARDED, lambda permission: allowed(view.actor, permission))
