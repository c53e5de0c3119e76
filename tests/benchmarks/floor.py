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
APPROVED = "update floor.purchase_order set state = $2 where id = $1 and state = $3"
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


async def cycle(connection: Any, supplier: Any, number: str, lines: int) -> None:
    """Order, approve and issue, receive all, invoice all."""
    net = Decimal("125.00") * lines
    async with connection.transaction():
        order = await connection.fetchval(ORDER, f"F-{number}", supplier, net, net * Decimal("0.19"))
        await connection.execute(LINES, order, lines)
    async with connection.transaction():
        await connection.execute(APPROVED, order, "approved", "draft")
        await connection.execute(APPROVED, order, "issued", "approved")
    async with connection.transaction():
        receipt = await connection.fetchval(RECEIPT, order)
        await connection.execute(RECEIVED, receipt, order)
    async with connection.transaction():
        invoice = await connection.fetchval(INVOICE, order, f"R-{number}", net)
        await connection.execute(INVOICED, invoice, order)
