"""A scope is a wall of the database too: a query that forgets it shows nothing of another part of the company."""

from typing import Any

import msgspec
import pytest

from portal.platform.actor import Actor, Scope
from portal.platform.work import viewing
from tests.harness.invoices import billed, delivered_order, lines_of, submitted_invoice
from tests.harness.world import accepted_order, trading_pair

# Facts, figures and what the company keeps as a whole are told to nobody in part, a contract's limits are the whole
# company's, and staged rows belong to who imports.
WHOLE = {
    "contract_call_off", "debit_note",
    "delivery_fact", "import_order", "import_receipt", "invoice_fact", "schedule_fact", "score_excuse",
}  # fmt: skip
OF_AN_ORDER = (
    "purchase_order", "purchase_order_line", "schedule_line", "order_response", "order_revision", "goods_receipt",
    "goods_receipt_line", "invoice", "invoice_line", "invoice_snapshot",
)  # fmt: skip


def within(actor: Actor, **scope: Any) -> Actor:
    return msgspec.structs.replace(actor, scope=Scope(**scope))


async def seen(actor: Actor) -> dict[str, int]:
    """How many rows each table shows, asked without any condition."""
    async with viewing(actor) as view:
        return {table: await view.value(f"select count(*) from {table}") for table in OF_AN_ORDER}


@pytest.fixture
async def billed_order(connected):
    company, supplier, order = await delivered_order(accepted=(4,))
    (key,) = await lines_of(supplier.billing, order.id)
    await submitted_invoice(supplier, order, billed(key, "4", "10.00"))
    return company, supplier, order


async def test_without_a_condition_a_query_shows_what_lies_in_the_scope_and_nothing_else(billed_order):
    company, _supplier, order = billed_order
    everything = await seen(company.buyer)
    assert [table for table, count in everything.items() if count == 0] == []

    assert await seen(within(company.buyer, sites=(order.site_id,))) == everything
    for elsewhere in ({"sites": (company.id,)}, {"purchasing_groups": ("metals",), "sites": (company.id,)}):
        assert set((await seen(within(company.buyer, **elsewhere))).values()) == {0}


@pytest.mark.parametrize(
    ("part", "column", "inside", "outside"),
    [
        ("purchasing_groups", "purchasing_group", "metals", "paper"),
        ("cost_centres", "cost_centre", "CC-1", "'); --"),
    ],
)
async def test_what_says_nothing_of_a_part_lies_in_everybodys(connected, part, column, inside, outside):
    company, supplier = await trading_pair()
    for named in ({column: inside}, {column: outside}, {}):
        await accepted_order(company, supplier, **named)

    async with viewing(within(company.buyer, **{part: (inside,)})) as view:
        shown = await view.fetch(f"select {column} from purchase_order order by 1")
    assert [row[0] for row in shown] == ["", inside]


async def test_who_reads_everything_by_another_role_is_not_narrowed(billed_order):
    company, _supplier, _order = billed_order
    roles = company.buyer.roles | {"auditor"}
    both = msgspec.structs.replace(within(company.buyer, sites=(company.id,)), roles=roles)
    assert await seen(both) == await seen(company.buyer)


async def test_a_suppliers_people_are_not_narrowed_by_a_buyers_terms(billed_order):
    _company, supplier, _order = billed_order
    everything = await seen(supplier.billing)
    assert await seen(within(supplier.billing, cost_centres=("CC-9",))) == everything


def test_no_table_of_an_order_is_without_the_wall(superuser):
    of_orders = superuser.execute(
        "select distinct table_name from information_schema.columns join information_schema.tables using (table_name) "
        "where columns.table_schema = 'public' and table_type = 'BASE TABLE' and column_name in "
        "('order_id', 'advice_id', 'receipt_id', 'invoice_id', 'credit_note_id', 'purchasing_group')"
    ).fetchall()
    walled = superuser.execute("select tablename from pg_policies where policyname = 'scope'").fetchall()
    assert {row[0] for row in of_orders} - {row[0] for row in walled} == WHOLE
