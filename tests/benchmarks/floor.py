"""The floor: the same order by bare asyncpg, in four transactions of 16 statements, and nothing else.

It writes the rows that the portal writes for an order, its approval and issue, a receipt and an invoice, into the same
tables with the same indexes; no audit, no jobs, no row-level security, no triggers. Whoever keeps these records on this
database pays at least so much.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.platform.ids import new_id

TABLES = ("purchase_order", "purchase_order_line", "goods_receipt", "goods_receipt_line", "invoice", "invoice_line")
SCHEMA = "create schema if not exists floor;" + "".join(
    f"create table if not exists floor.{name} (like public.{name} including all);" for name in TABLES
)
SCHEMA += "create table if not exists floor.document_number (kind text, year int, last int, primary key (kind, year));"
NUMBER = """
insert into floor.document_number values ($1, $2, 1)
on conflict (kind, year) do update set last = floor.document_number.last + 1 returning last
"""
ORDER = """
insert into floor.purchase_order (id, buyer_id, supplier_id, buyer_name, supplier_name, number, state, currency, net,
  tax,
  gross, gross_minor, requested_date, created_by, created_at, search)
values ($1, $2, $3, $4, $5, $6, 'draft', 'EUR', $7, $8, $9, $10, $11, $12, $13, $14)
"""
LINES = """
insert into floor.purchase_order_line (id, order_id, buyer_id, supplier_id, line, item_number, description, quantity,
  unit,
  unit_price, price_unit, net, tax_category, tax_rate, requested_date)
select id, $1, $2, $3, line, item, description, quantity, 'C62', price, 'C62', net, 'S', 19, $4
from unnest($5::uuid[], $6::int[], $7::text[], $8::text[], $9::numeric[], $10::numeric[], $11::numeric[])
  l (id, line, item, description, quantity, price, net)
"""
ISSUED = """
with lines as (
  update floor.purchase_order_line set shown_to = supplier_id, approved_quantity = quantity,
  approved_price = unit_price,
    despatch_ceiling = quantity, receive_ceiling = quantity, invoice_ceiling = quantity, match_basis = 'four_way'
    where order_id = $1)
update floor.purchase_order set state = 'issued', version = version + 1, shown_to = supplier_id, submitted_by = $2,
  submitted_at = $4, approved_by = $3, approved_at = $4, approved_gross = gross, approved_ceiling = gross,
  issued_by = $2,
  issued_at = $4 where id = $1 and state = 'draft'
"""
RECEIPT = """
with numbered as (
  insert into floor.document_number values ('GR', $7, 1)
  on conflict (kind, year) do update set last = floor.document_number.last + 1 returning last),
of as (
  update floor.purchase_order set receipt_status = 'complete', version = version + 1 where id = $2 returning *)
insert into floor.goods_receipt (id, buyer_id, supplier_id, shown_to, buyer_name, supplier_name, number, delivered_at,
  booked_at, created_by, delivery_note)
select $1, buyer_id, supplier_id, supplier_id, buyer_name, supplier_name, 'GR-' || $7::int || '-' || lpad(last::text,
  6, '0'),
  $3, $4, $5, $6 from of, numbered
"""
RECEIVED = """
with moved as (update floor.purchase_order_line set confirmed = quantity, despatched = quantity,
    received = quantity, accepted = quantity where order_id = $2 returning *)
insert into floor.goods_receipt_line (id, receipt_id, buyer_id, supplier_id, shown_to, position, order_id,
  order_line_id,
  order_number, line, item_number, description, unit, accepted)
select l.id, $1, buyer_id, supplier_id, supplier_id, line, order_id, m.id, $3, line, item_number, description, unit,
  quantity
from moved m join unnest($4::uuid[], $5::int[]) l (id, place) on l.place = m.line
"""
INVOICE = """
with of as (update floor.purchase_order set invoice_status = 'complete',
  version = version + 1 where id = $2 returning *)
insert into floor.invoice (id, supplier_id, buyer_id, shown_to, supplier_name, buyer_name, order_id, order_number,
  number,
  number_key, state, match_state, currency, issue_date, due_date, payable_on, earliest_due, payment_days, payment_terms,
  lines_net, net, tax, gross, gross_minor, created_by, created_at, submitted_by, submitted_at, decided_by, decided_at,
  search)
select $1, supplier_id, buyer_id, buyer_id, supplier_name, buyer_name, id, number, $3, $3, 'approved', 'matched',
  currency,
  $4::date, $4::date + 30, $4::date + 30, $4::date + 30, 30, '', net, net, tax, gross, gross_minor, $5, $6, $5, $6,
  $7, $6,
  lower($3) from of
"""
INVOICED = """
with moved as (update floor.purchase_order_line set invoiced = received where order_id = $2 returning *)
insert into floor.invoice_line (id, invoice_id, supplier_id, buyer_id, shown_to, order_id, order_line_id, line,
  description,
  item_number, quantity, unit, unit_price, base_quantity, price_unit, price_factor,
  discount, net, tax_category, tax_rate)
select l.id, $1, supplier_id, buyer_id, buyer_id, order_id, m.id, line, description, item_number, quantity, unit,
  unit_price,
  base_quantity, price_unit, price_factor, discount, net, tax_category, tax_rate from moved m join unnest($3::uuid[],
  $4::int[]) l (id, place) on l.place = m.line
"""
STATEMENTS = 16
BUYER, SELLER = "Acme Manufacturing", "Bolt Fasteners"


class Order:
    """One order on its bare way, each step a transaction."""

    def __init__(self, connection: Any, supplier: UUID, number: str, lines: int) -> None:
        self._connection, self._supplier, self._number = connection, supplier, number
        self._places = list(range(1, lines + 1))
        self._id, self._buyer, self._author, self._other = new_id(), new_id(), new_id(), new_id()

    async def create(self) -> None:
        places, now, net = self._places, datetime.now(UTC), Decimal("125.00")
        total = net * len(places)
        tax = (total * Decimal("0.19")).quantize(Decimal("0.01"))
        gross, day = total + tax, date(2030, 5, 15)
        async with self._connection.transaction():
            last = await self._connection.fetchval(NUMBER, "PO", now.year)
            number = f"PO-{now.year}-{last:06}"
            await self._connection.execute(
                *(ORDER, self._id, self._buyer, self._supplier, BUYER, SELLER, number, total, tax, gross),
                *(int(gross * 100), day, self._author, now, f"{number} {SELLER} {BUYER}".lower()),
            )
            await self._connection.execute(
                *(LINES, self._id, self._buyer, self._supplier, day, [new_id() for _ in places], places),
                *([f"A-{place}" for place in places], ["Hex bolt M8"] * len(places)),
                *([Decimal(10)] * len(places), [Decimal("12.50")] * len(places), [net] * len(places)),
            )

    async def approve_and_issue(self) -> None:
        async with self._connection.transaction():
            await self._connection.execute(ISSUED, self._id, self._author, self._other, datetime.now(UTC))

    async def answer(self) -> None:
        """No part of `cycle`: the fewest words a supplier can say."""
        await self._connection.execute(
            "update floor.purchase_order set state = 'accepted', responded_at = now() where id = $1", self._id
        )

    async def receive(self) -> None:
        receipt, now = new_id(), datetime.now(UTC)
        async with self._connection.transaction():
            await self._connection.execute(RECEIPT, receipt, self._id, now, now, self._author, "", now.year)
            await self._connection.execute(RECEIVED, receipt, self._id, self._number, self._ids(), self._places)

    async def invoice(self) -> None:
        invoice, now = new_id(), datetime.now(UTC)
        people = (self._author, now, self._other)
        async with self._connection.transaction():
            await self._connection.execute(INVOICE, invoice, self._id, f"R-{self._number}", now.date(), *people)
            await self._connection.execute(INVOICED, invoice, self._id, self._ids(), self._places)

    def _ids(self) -> list[UUID]:
        return [new_id() for _place in self._places]


async def cycle(connection: Any, supplier: UUID, number: str, lines: int) -> None:
    """Order, approve and issue, receive all, invoice all."""
    order = Order(connection, supplier, number, lines)
    await order.create()
    await order.approve_and_issue()
    await order.receive()
    await order.invoice()
