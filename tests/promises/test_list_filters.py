"""A list narrowed by something that does not exist says so, instead of looking empty."""

import pytest

from tests.harness.world import trading_pair

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
