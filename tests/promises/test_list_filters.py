"""A list narrowed by something that does not exist says so, instead of looking empty."""

import pytest

from portal.organisations.commands import approve_supplier
from tests.harness.credits import sent_credit
from tests.harness.deliveries import received_goods
from tests.harness.invoices import delivered_order, submitted_invoice
from tests.harness.masters import add_item
from tests.harness.world import accepted_order, selling_company, trading_pair

LISTS = {
    "/api/v1/purchase-orders": ("state", "kind"),
    "/api/v1/contracts": ("state", "kind"),
    "/api/v1/debit-notes": ("state",),
    "/api/v1/signings": ("state",),
    "/api/v1/despatch-advices": ("state", "receipt_status"),
    "/api/v1/goods-receipts": ("state",),
    "/api/v1/invoices": ("state", "match_state"),
}
PAGES = {
    "/contracts": "state",
    "/debit-notes": "state",
    "/signings": "state",
    "/orders": "state",
    "/despatch-advices": "state",
    "/receipts": "state",
    "/invoices": "state",
}
ONE_OF = {
    "/api/v1/purchase-orders": "conditionally_accepted",
    "/api/v1/signings": "declined",
    "/api/v1/contracts": "in_negotiation",
    "/api/v1/debit-notes": "withdrawn",
    "/api/v1/despatch-advices": "despatched",
    "/api/v1/goods-receipts": "reversed",
    "/api/v1/invoices": "disputed",
}


@pytest.mark.parametrize(("path", "name"), [(path, name) for path, names in LISTS.items() for name in names])
async def test_a_program_that_asks_for_a_code_that_is_none_reads_which_there_are(client_of, path, name):
    company, _supplier = await trading_pair()
    auditor = await client_of(company.auditor)

    for bogus in ("bogus", "bogus,issued", "ISSUED", "issued,,", " "):
        refused = await auditor.get(path, params={name: bogus})
        assert refused.status_code == 400, (bogus, refused.text)
        assert name in refused.json()["detail"]
    if name == "state":
        assert ONE_OF[path] in (await auditor.get(path, params={name: "bogus"})).json()["detail"]
        assert (await auditor.get(path, params={name: ONE_OF[path]})).json()["items"] == []


@pytest.mark.parametrize(("path", "name"), PAGES.items())
async def test_a_page_that_is_asked_for_a_state_that_is_none_says_so(client_of, path, name):
    company, _supplier = await trading_pair()
    refused = await (await client_of(company.auditor)).get(path, params={name: "bogus"})
    assert (refused.status_code, "bogus" in refused.text or "one" in refused.text) == (400, True)


RESOURCES = {
    "suppliers": "name",
    "items": "number",
    "purchase-orders": "created",
    "despatch-advices": "created",
    "goods-receipts": "booked",
    "invoices": "created",
    "credit-notes": "created",
    "contracts": "created",
    "debit-notes": "created",
}


@pytest.mark.parametrize(("resource", "sort"), RESOURCES.items())
async def test_every_resource_is_listed_by_pages_in_either_direction(client_of, resource, sort):
    company, supplier, order = await delivered_order(accepted=(8,))
    await sent_credit(supplier, await submitted_invoice(supplier, order))
    again = await accepted_order(company, supplier)
    await received_goods(company, again, "6")
    await sent_credit(supplier, await submitted_invoice(supplier, again))
    for number in ("A-1", "B-1"):
        await add_item(company.supplier_manager, number=number)
        await approve_supplier(company.supplier_manager, (await selling_company()).id)
    auditor = await client_of(company.auditor)

    async def listed(by: str) -> list[str]:
        found, cursor = [], ""
        while cursor is not None:
            asked = {"limit": "1", "sort": by} | ({"cursor": cursor} if cursor else {})
            told = await auditor.get(f"/api/v1/{resource}", params=asked)
            assert told.status_code == 200, told.text
            found += [each["id"] for each in told.json()["items"]]
            cursor = told.json()["next_cursor"]
        return found

    assert await listed(f"-{sort}") == (await listed(sort))[::-1]
    if resource not in ("despatch-advices", "contracts", "debit-notes"):
        assert len(await listed(sort)) >= 2
    refused = await auditor.get(f"/api/v1/{resource}", params={"sort": "luck"})
    assert (refused.status_code, sort in refused.json()["detail"]) == (400, True)
