"""Prices on invoices are seen by who may see prices, in every answer alike."""

import shutil
from collections.abc import Iterator

import pytest

from portal.access.policy import POLICY
from portal.platform.paths import resource
from tests.harness.invoices import billed, delivered_order, lines_of, submitted_invoice

INVOICES = "/api/v1/invoices"


@pytest.fixture
def payables_without_prices(tmp_path, connected) -> Iterator[None]:
    """A policy as ours, but payables do not hold prices:read."""
    folder = tmp_path / "policies"
    shutil.copytree(resource("policies"), folder)
    rules = (folder / "roles.csv").read_text()
    rule = next(each for each in rules.splitlines() if each.startswith("p, payable, buyer, items"))
    assert " prices " in rule
    (folder / "roles.csv").write_text(rules.replace(rule, rule.replace(" prices ", " ")))
    POLICY.load(folder)
    yield
    POLICY.load()


async def test_no_figure_of_money_reaches_who_may_not_see_prices(client_of, payables_without_prices):
    company, supplier, order = await delivered_order(accepted=(4,))
    (key,) = await lines_of(supplier.billing, order.id)
    charge = {"description": "Handling", "amount": "77.77", "tax_category": "S", "tax_rate": "19"}
    invoice = await submitted_invoice(supplier, order, billed(key, "10", "13.31"), charges=[charge])
    payable = await client_of(company.payable)
    for path in (INVOICES, f"{INVOICES}/{invoice.id}", f"{INVOICES}/{invoice.id}/matching"):
        answer = await payable.get(path)
        assert answer.status_code == 200, answer.text
        for figure in ("13.31", "12.50", "133.10", "77.77", str(invoice.gross), str(invoice.net), str(invoice.tax)):
            assert figure not in answer.text, (path, figure)
    assert '"expected":"4"' in answer.text
