"""Lists as browsers ask for them: every box of the filter is sent, the empty ones too."""

import pytest

from tests.harness.deliveries import despatched_goods, received_goods
from tests.harness.invoices import submitted_invoice
from tests.harness.pages import Reader
from tests.harness.world import accepted_order, trading_pair

LISTS = {
    "/orders": "buyer",
    "/despatch-advices": "receiver",
    "/receipts": "receiver",
    "/invoices": "payable",
    "/suppliers": "buyer",
    "/items": "buyer",
    "/audit": "auditor",
    "/suppliers/{supplier}/scorecard": "buyer",
}


@pytest.mark.parametrize(("path", "role"), LISTS.items())
async def test_an_empty_box_of_a_filter_is_no_filter(client_of, path, role):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order, "6")
    await received_goods(company, order, "6", advice=advice)
    await submitted_invoice(supplier, order)
    reader = Reader(await client_of(company.people[role]))
    path = path.format(supplier=supplier.id)
    whole = await reader.open(path)
    asked = [form for form in whole.forms if form.method == "get" and form.action == path]

    assert asked, "the list has a filter"
    page = await reader.open(path, **dict.fromkeys(asked[0].values, ""))

    assert page.status == 200
    assert list(page.links.values())[-3:] == list(whole.links.values())[-3:]


async def test_a_day_that_is_none_is_named_and_not_called_a_broken_address(client_of):
    company, _supplier = await trading_pair()
    reader = Reader(await client_of(company.auditor))

    page = await reader.open("/audit", **{"from": "yesterday", "to": ""})

    assert page.status == 422
    assert "Enter a date between 1900 and 2199" in page.text
