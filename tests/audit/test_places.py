"""Where requests went is told by the names of records: an auditor reads no ids."""

import re

from portal.access.commands import change_profile
from portal.access.forms import ProfileForm
from portal.platform.convert import convert
from tests.harness.audits import opened_engagement
from tests.harness.pages import Page, Reader
from tests.harness.world import issued_order, trading_pair

PROFILE = {"full_name": "Bela Marsh", "language": "en", "time_zone": "UTC"}
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def plain(page: Page) -> str:
    """What is to be read, but for the details of whoever checks the log itself."""
    return page.text.partition("Technical details")[0]


async def test_what_the_auditor_read_is_named_and_linked(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    engagement, reader, owner = await opened_engagement(company)
    auditor = await client_of(reader)
    for path in (f"/orders/{order.id}", f"/suppliers/{supplier.id}", f"/audit/records/{order.id}/readers", "/invoices"):
        assert (await auditor.get(path)).status_code == 200

    page = await Reader(await client_of(owner)).open(f"/engagements/{engagement.id}")
    assert page.links[f"Purchase order {order.number}"] in (f"/orders/{order.id}", f"/audit/records/{order.id}/readers")
    assert f"/suppliers/{supplier.id}" in page.links.values()
    assert supplier.name in page.text
    assert page.links["Invoices"] == "/invoices"
    assert "/orders/…" in page.text
    assert not ID.search(page.text)


async def test_the_log_names_what_was_asked_for_and_refused(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    receiver, auditor = await client_of(company.receiver), await client_of(company.auditor)
    assert (await receiver.post(f"/orders/{order.id}/cancel", data={"reason": "Late"})).status_code == 403
    assert (await receiver.get(f"/people/{company.buyer.person}")).status_code == 403
    await change_profile(company.buyer, convert(ProfileForm, PROFILE))
    assert (await auditor.get(f"/orders/{order.id}")).status_code == 200

    for path in ("/", "/audit", "/audit?reads=1", "/audit?outcome=refused"):
        shown = Page(await auditor.get(path))
        assert not ID.search(plain(shown)), path
    refused = Page(await auditor.get("/audit?outcome=refused"))
    assert f"Purchase order {order.number}" in refused.text
    assert "Bela Marsh" in refused.text
    entry = next(href for href in refused.links.values() if re.fullmatch(r"/audit/[0-9a-f-]{36}", href))
    one = Page(await auditor.get(entry))
    assert not ID.search(plain(one))
    assert ID.search(one.text)


async def test_what_another_company_owns_is_not_named(client_of):
    company, _supplier = await trading_pair()
    stranger, rival = await trading_pair()
    order = await issued_order(stranger, rival)
    receiver, auditor = await client_of(company.receiver), await client_of(company.auditor)
    for path in (f"/orders/{order.id}", f"/suppliers/{rival.id}", f"/people/{stranger.buyer.person}"):
        assert (await receiver.get(path)).status_code in (403, 404)
    found = Page(await auditor.get("/audit?outcome=refused")).text
    assert not [name for name in (order.number, rival.name, stranger.buyer.name) if f" {name}" in found]


async def test_the_spreadsheet_names_it_too(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    auditor = await client_of(company.auditor)
    await auditor.get(f"/orders/{order.id}")
    lines = (await auditor.get("/audit.csv?reads=1&outcome=read")).text.splitlines()
    assert lines[0].endswith("went_to")
    assert f"Purchase order {order.number}" in "\n".join(lines[1:])


async def test_a_sample_is_narrowed_to_a_partner_whom_the_page_offers(client_of):
    company, supplier = await trading_pair()
    _stranger, rival = await trading_pair()
    order = await issued_order(company, supplier)
    engagement, reader, _owner = await opened_engagement(company)
    browser = Reader(await client_of(reader))
    page = await browser.open(f"/engagements/{engagement.id}")
    assert f'value="{supplier.id}"' in page.html
    assert str(rival.id) not in page.html
    drawn = await browser.send(page, "/samples", title="One", kind="orders", party_id=str(supplier.id), size="5")
    assert order.number in drawn.text
    assert supplier.name in drawn.text
    assert str(supplier.id) not in drawn.text
    none = await browser.send(page, "/samples", title="None", kind="orders", party_id=str(rival.id), size="5")
    assert (none.status, "No record fits this" in none.text) == (422, True)
    assert (await browser.send(page, "/samples", title="Odd", kind="orders", party_id="x", size="5")).status == 422


async def test_evidence_is_asked_for_by_what_happened(client_of):
    company, _supplier = await trading_pair()
    page = await Reader(await client_of(company.auditor)).open("/evidence?event=purchase-order.issued")
    assert '<option value="purchase-order.issued" selected' in page.html
    assert "Issued the order to the supplier" in page.text
