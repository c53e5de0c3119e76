"""The quantity ledger has one writer. Whoever else wrote it would be found here, in the source."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from portal.orders.commands import take_over
from portal.orders.events import OrderEdited
from portal.orders.rules import statuses
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.platform.work import changing
from tests.harness.deliveries import ledger
from tests.harness.deliveries_facts import imported_orders
from tests.harness.world import trading_pair

PORTAL = Path(__file__).resolve().parents[2] / "portal"
LEDGER = {
    *("confirmed", "despatched", "in_inspection", "received", "accepted", "rejected", "returned"),
    *("returned_for_replacement", "invoiced", "credited"),
}
WRITERS = {"orders/commands/ledger.py", "orders/commands/take_over.py"}
_UPDATED = re.compile(
    r"update\s+purchase_order_line\b[^;\"]*?\bset\b(?P<columns>.*?)(?:\bfrom\b|\bwhere\b|\"\"\")", re.S
)
_INSERTED = re.compile(r"insert\s+into\s+purchase_order_line\s*\((?P<columns>[^)]*)\)", re.S)


def written_in_sql(text: str) -> Iterator[str]:
    for found in _UPDATED.finditer(text):
        yield from re.findall(r"(\w+)\s*=", found["columns"])
    for found in _INSERTED.finditer(text):
        yield from re.findall(r"\w+", found["columns"])


def written_in_python(text: str) -> Iterator[str]:
    """What is assigned, or named as a key, where order lines are at hand."""
    if "PurchaseOrderLine" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        elif isinstance(node, ast.Dict):
            yield from (key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


def test_nobody_else_writes_the_ledger():
    read = {path: path.read_text() for path in PORTAL.rglob("*.py") if str(path.relative_to(PORTAL)) not in WRITERS}
    found = {path: LEDGER & {*written_in_sql(text), *written_in_python(text)} for path, text in read.items()}
    assert {path: columns for path, columns in found.items() if columns} == {}


def test_the_search_finds_what_it_looks_for():
    sql = "update purchase_order_line l set source = $1, received = c.received from came c where c.line_id = l.id"
    assert set(written_in_sql(sql)) == {"source", "received"}
    assert "confirmed" in set(written_in_sql("insert into purchase_order_line (id, confirmed) select 1"))
    assert "invoiced" in set(written_in_python("PurchaseOrderLine\nline.invoiced = 1"))
    writers = "".join((PORTAL / path).read_text() for path in WRITERS)
    assert {*written_in_sql(writers), *written_in_python(writers)} >= {"confirmed", "received", "accepted", "rejected"}


async def test_what_an_import_brings_is_judged_like_what_is_booked(connected, superuser):
    company, supplier = await trading_pair()
    lines = ((10, 0, 0), (10, 0, 0), (10, 0, 0))
    orders = await imported_orders(company, supplier, *[lines] * 4, state="accepted")
    came = [("10", "10", "10"), ("10", "4", "0"), ("0", "0", "0"), ("0", "0", "0")]
    rejected = [("0", "0", "0"), ("0", "6", "0"), ("5", "0", "0"), ("0", "0", "0")]
    for order, good, bad in zip(orders, came, rejected, strict=True):
        quantities = [
            f"select id as line_id, 10 as confirmed, {a} + {r} as received, {a} as accepted, {r} as rejected, "
            f"{a} as invoiced from purchase_order_line where order_id = '{order}' and line = {number}"
            for number, (a, r) in enumerate(zip(good, bad, strict=True), start=1)
        ]
        async with changing(company.buyer, PurchaseOrder, order) as (change, row):
            await take_over(change, " union all ".join(quantities))
            change.record(OrderEdited(order), row)

    for order in orders:
        sql = "select despatch_status, receipt_status, invoice_status from purchase_order where id = %s"
        row = superuser.execute(sql, [order])
        told = await ledger(company, PurchaseOrder.of({"id": order}))
        assert row.fetchone() == statuses(told)
        assert all(isinstance(line, PurchaseOrderLine) and line.confirmed == 10 for line in told)
