"""The floor: the same order by bare asyncpg, in four transactions of at most 16 statements, and nothing else.

No audit, no jobs, no row-level security, no checks: what any program on this database pays at least.
"""

from decimal import Decimal
from typing import Any

SCHEMA = """
create schema if not exists floor;
create table if not exists floor.purchase_order (id bigserial primary key, number text unique, supplier uuid,
  state text, net numeric, tax numeric, created_at timestamptz default now());
create table if not exists floor.order_line (id bigserial primary key, order_id bigint references floor.purchase_order,
  line int, description text, quantity numeric, price numeric, received numeric default 0, invoiced numeric default 0);
create index if not exists order_line_order on floor.order_line (order_id);
create table if not exists floor.receipt (id bigserial primary key, order_id bigint, at timestamptz default now());
create table if not exists floor.receipt_line (receipt_id bigint, line_id bigint, quantity numeric);
create table if not exists floor.invoice (id bigserial primary key, order_id bigint, number text unique, net numeric,
  state text);
create table if not exists floor.invoice_line (invoice_id bigint, line_id bigint, quantity numeric, net numeric);
"""
ORDER = """
insert into floor.purchase_order (number, supplier, state, net, tax) values ($1, $2, 'draft', $3, $4) returning id
"""
LINES = """
insert into floor.order_line (order_id, line, description, quantity, price)
select $1, n, 'Hex bolt M8', 10, 12.50 from generate_series(1, $2::int) n
"""
MOVED = "update floor.purchase_order set state = $2 where id = $1 and state = $3"
RECEIPT = """
insert into floor.receipt (order_id) select id from floor.purchase_order where id = $1 for update returning id
"""
RECEIVED = """
with moved as (update floor.order_line set received = quantity where order_id = $2 returning id, quantity)
insert into floor.receipt_line select $1, id, quantity from moved
"""
INVOICE = """
insert into floor.invoice (order_id, number, net, state)
select id, $2, $3, 'approved' from floor.purchase_order where id = $1 for update returning id
"""
INVOICED = """
with moved as (update floor.order_line set invoiced = received where order_id = $2 returning id, quantity, price)
insert into floor.invoice_line select $1, id, quantity, quantity * price from moved
"""
STATEMENTS = 16


class Order:
    """One order on its bare way, each step a transaction."""

    def __init__(self, connection: Any, supplier: Any, number: str, lines: int) -> None:
        self._connection, self._supplier, self._number, self._lines = connection, supplier, number, lines
        self._net = Decimal("125.00") * lines
        self._id: int = 0

    async def create(self) -> None:
        tax = self._net * Decimal("0.19")
        async with self._connection.transaction():
            self._id = await self._connection.fetchval(ORDER, f"F-{self._number}", self._supplier, self._net, tax)
            await self._connection.execute(LINES, self._id, self._lines)

    async def approve_and_issue(self) -> None:
        async with self._connection.transaction():
            await self._connection.execute(MOVED, self._id, "approved", "draft")
            await self._connection.execute(MOVED, self._id, "issued", "approved")

    async def answer(self) -> None:
        """No part of `cycle`: the fewest words a supplier can say."""
        await self._connection.execute(MOVED, self._id, "accepted", "issued")

    async def receive(self) -> None:
        async with self._connection.transaction():
            receipt = await self._connection.fetchval(RECEIPT, self._id)
            await self._connection.execute(RECEIVED, receipt, self._id)

    async def invoice(self) -> None:
        async with self._connection.transaction():
            invoice = await self._connection.fetchval(INVOICE, self._id, f"R-{self._number}", self._net)
            await self._connection.execute(INVOICED, invoice, self._id)


async def cycle(connection: Any, supplier: Any, number: str, lines: int) -> None:
    """Order, approve and issue, receive all, invoice all."""
    order = Order(connection, supplier, number, lines)
    await order.create()
    await order.approve_and_issue()
    await order.receive()
    await order.invoice()
