"""Freezing imported orders as their suppliers have them: documents are set from this, never from live rows.

Set-based, because history comes by the ten thousand. What belongs in a snapshot is asked of the function that issuing
an order calls, by an order of its own; a test holds what SQL makes to what that function makes.
"""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from piccolo.columns import Date, Numeric, Timestamptz

from portal.operations.imports.order_writes import SEEN
from portal.orders.queries import revision_snapshot
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.organisations.queries import Party
from portal.platform.ids import new_id
from portal.platform.work import Change, Row

_INSTANT = """'YYYY-MM-DD"T"HH24:MI:SS'"""
_FREEZE = """
with frozen as (
  select o.*, s.decimals from import_order s join purchase_order o on o.id = s.id
  where s.outcome = 'new' and s.state in {seen}),
lined as (
  select l.order_id, jsonb_agg(to_jsonb(printed) order by l.line) as lines
  from frozen o join purchase_order_line l on l.order_id = o.id cross join lateral (select {line}) printed
  group by l.order_id),
rated as (
  select o.id, o.decimals, l.tax_category as category, l.tax_rate as rate, sum(l.net) as base
  from frozen o join purchase_order_line l on l.order_id = o.id group by 1, 2, 3, 4),
taxed as (
  select id, jsonb_agg(jsonb_build_object('category', category, 'rate', rate::text, 'base', base::text,
    'tax', round(base * rate * 0.01, decimals)::text) order by rate, category) as breakdown from rated group by id),
party as (select p.id, to_jsonb(known) as party from organisation p cross join lateral (select {party}) known)
insert into order_revision (order_id, revision, buyer_id, shown_to, issued_at, snapshot)
select o.id, o.revision, o.buyer_id, o.shown_to, o.issued_at, jsonb_build_object(
  'order', (select to_jsonb(printed) from (select {order}) printed), 'lines', l.lines,
  'totals', (select to_jsonb(sums) from (select {totals}) sums), 'buyer', b.party, 'supplier', s.party)
from frozen o join lined l on l.order_id = o.id join taxed t on t.id = o.id
join party b on b.id = o.buyer_id join party s on s.id = o.supplier_id
"""
_SUMS = {"lines": "o.net", "net": "o.net", "tax": "o.tax", "gross": "o.gross", "due": "o.gross"}
_NONE = ("allowances", "charges", "prepaid", "rounding")


async def freeze(change: Change) -> None:
    """One snapshot for each newly staged order that its supplier sees, as issuing it would have made."""
    await change.connection.execute(_statement())


@cache
def _statement() -> str:
    sample: dict[str, Any] = revision_snapshot(*_sample(), {}, {})
    totals = {name: f"round({sql}, o.decimals)::text as {name}" for name, sql in _SUMS.items()}
    totals |= {name: f"round(0.0, o.decimals)::text as {name}" for name in _NONE}
    totals |= {"breakdown": "t.breakdown", "tax_in_accounting": "null as tax_in_accounting"}
    assert totals.keys() == sample["totals"].keys(), "a snapshot has sums that an import does not work out"
    [printed] = sample["lines"]
    assert printed.pop("deliveries") == [], "an imported line comes at once"
    return _FREEZE.format(
        seen=SEEN,
        order=_columns("o", PurchaseOrder, sample["order"]),
        line=_columns("l", PurchaseOrderLine, printed) + ", '[]'::jsonb as deliveries",
        party=", ".join(f"p.{name}" for name in Party.__struct_fields__),
        totals=", ".join(totals.values()),
    )


def _columns(alias: str, row_type: type[Row], names: Iterable[str]) -> str:
    """Columns as JSON has them everywhere: numbers as text, instants in UTC."""
    kinds = {column._meta.name: type(column) for column in row_type._meta.columns}
    return ", ".join(_column(f"{alias}.{name}", kinds[name], name) for name in names)


def _column(sql: str, kind: type, name: str) -> str:
    if kind is Timestamptz:
        parts = f"to_char({sql} at time zone 'UTC', {_INSTANT})", f"to_char({sql} at time zone 'UTC', '.US')"
        return f"{parts[0]} || case when {parts[1]} = '.000000' then '' else {parts[1]} end || 'Z' as {name}"
    return f"{sql}::text as {name}" if kind in (Numeric, Date) else sql


def _sample() -> tuple[PurchaseOrder, list[PurchaseOrderLine]]:
    line = PurchaseOrderLine(id=new_id(), tax_category="Z", tax_rate=Decimal(0), net=Decimal("0.00"))
    return PurchaseOrder(id=new_id(), currency="EUR"), [line]
