"""Copying an order with all that belongs to it, many times in one statement a table."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

# Tables whose rows belong to one order → which order that is.
BELONGS = {
    "purchase_order": "t.id",
    "purchase_order_line": "t.order_id",
    "schedule_line": "t.order_id",
    "order_revision": "t.order_id",
    "order_response": "t.order_id",
    "despatch_line": "t.order_id",
    "despatch_advice": "(select l.order_id from despatch_line l where l.advice_id = t.id limit 1)",
    "goods_receipt_line": "t.order_id",
    "goods_receipt": "(select l.order_id from goods_receipt_line l where l.receipt_id = t.id limit 1)",
    "invoice": "t.order_id",
    "invoice_line": "t.order_id",
    "invoice_snapshot": "(select i.order_id from invoice i where i.id = t.invoice_id)",
    "schedule_fact": "t.order_id",
    "delivery_fact": "t.order_id",
    "invoice_fact": "t.order_id",
}
# What else names an order and stays the original's alone: the log, its papers and mails, what an import remembers.
NOT_COPIED = ("audit_", "document", "mail_", "import_", "duty_taken", "idempotency_key", "alert")
# A copy's id: in the order of time, as ids of version 7 are, and the same for the same row of the same copy.
_COPY_OF = """
create function pg_temp.copy_of(id uuid, n bigint, at timestamptz) returns uuid language sql immutable as $$
  select (substr(p, 1, 12) || '7' || substr(m, 1, 3) || '8' || substr(m, 4, 15))::uuid
  from (select lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0'), md5(id::text || n)) x (p, m) $$
"""
_OTHERS = """
select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.atttypid = 'uuid'::regtype and a.attnum > 0
  and not a.attisdropped and not c.relispartition
"""
_COLUMNS = """
select attname as name, format_type(atttypid, null) as type from pg_attribute
where attrelid = $1::text::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum
"""


class Column(NamedTuple):
    name: str
    type: str


class Copier:
    """Knows the originals' rows and the statements that copy them as the table `plan` says."""

    def __init__(self, connection: Any, statements: list[str]) -> None:
        self._connection = connection
        self._statements = statements

    @classmethod
    async def of(cls, connection: Any, orders: Sequence[UUID], supplier: UUID) -> "Copier":
        await connection.execute(_COPY_OF)
        await connection.execute("create temp table original_id (id uuid primary key)")
        for table, order in BELONGS.items():
            await connection.execute(
                f"create temp table original_{table} as select t.*, {order} as original_order from {table} t "
                f"where {order} = any($1)",
                list(orders),
            )
            if table not in ("order_revision", "invoice_snapshot"):
                await connection.execute(
                    f"insert into original_id select id from original_{table} on conflict do nothing"
                )
        await _nothing_forgotten(connection)
        return cls(connection, [await _statement(connection, table, supplier) for table in BELONGS])

    async def copy(self, first: int, last: int) -> None:
        """The copies from one number to another."""
        for statement in self._statements:
            await self._connection.execute(statement, first, last)


async def _nothing_forgotten(connection: Any) -> None:
    """A table that names one of the originals' rows is copied, or named as one that is not."""
    for table, column in await connection.fetch(_OTHERS):
        if table in BELONGS or table.startswith(NOT_COPIED):
            continue
        found = await connection.fetchval(
            f"select true from {table} where {column} in (select id from original_id) limit 1"
        )
        assert not found, f"{table}.{column} names an order that is copied: add the table to BELONGS or NOT_COPIED"


async def _statement(connection: Any, table: str, supplier: UUID) -> str:
    columns = [Column(row["name"], row["type"]) for row in await connection.fetch(_COLUMNS, table)]
    values = [await _value(connection, table, column, supplier) for column in columns]
    return (
        f"insert into {table} ({', '.join(each.name for each in columns)}) select {', '.join(values)} "
        f"from plan p join original_{table} t on t.original_order = p.original "
        "cross join lateral (select now()::date - p.at::date) d (days) "
        "cross join lateral (select make_interval(days => d.days, secs => p.n % 36000)) b (back) "
        "where p.n between $1 and $2"
    )


async def _value(connection: Any, table: str, column: Column, supplier: UUID) -> str:
    if column.type == "uuid":
        return await _reference(connection, table, column.name, supplier)
    by_type = {"timestamp with time zone": "t.{0} - b.back", "date": "t.{0} - d.days"}
    if column.type in by_type:
        return by_type[column.type].format(column.name)
    return _TEXTS.get((table, column.name)) or _TEXTS.get(column.name) or f"t.{column.name}"


_SEARCH = "replace(replace(t.search, lower({}), lower({})), lower(t.supplier_name), lower(p.supplier_name))"
_TEXTS: dict[Any, str] = {
    "supplier_name": "p.supplier_name",
    "order_number": "p.number",
    ("purchase_order", "number"): "p.number",
    ("purchase_order", "search"): _SEARCH.format("t.number", "p.number") + " || ' ' || p.words",
    ("purchase_order_line", "description"): "p.words",
    ("despatch_advice", "number"): "t.number || '-' || p.n",
    ("goods_receipt", "number"): "t.number || '-' || p.n",
    ("goods_receipt", "despatch_advice_number"): "t.despatch_advice_number || '-' || p.n",
    ("invoice", "number"): "t.number || '-' || p.n",
    ("invoice", "number_key"): "t.number_key || p.n",
    ("invoice", "search"): _SEARCH.format("t.number", "t.number || '-' || p.n"),
}


async def _reference(connection: Any, table: str, column: str, supplier: UUID) -> str:
    """A reference to a row that is copied leads to the copy, one to the supplier to the copy's; others stay."""
    held = await connection.fetchrow(
        f"select bool_and({column} in (select id from original_id)) as copied, "
        f"bool_or({column} in (select id from original_id)) as some, bool_or({column} = $1) as supplier "
        f"from original_{table}",
        supplier,
    )
    assert held["copied"] == held["some"], f"{table}.{column} names copied rows and others"
    if held["copied"]:
        return f"pg_temp.copy_of(t.{column}, p.n, p.at)"
    return (
        f"case when t.{column} = '{supplier}' then p.supplier_id else t.{column} end"
        if held["supplier"]
        else f"t.{column}"
    )
