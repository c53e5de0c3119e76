"""The document on its record's page: one button from the first press to the file, with a script and without."""

import re

from tests.harness.jobs import run_jobs
from tests.harness.pages import Page, Reader
from tests.harness.world import issued_order, trading_pair

RENDER = "documents.render"


def card(page: Page) -> str:
    """The document's section of a record's page."""
    return page.html.partition('id="document"')[2].partition("</section>")[0]


async def test_one_button_begins_the_document_and_later_opens_it(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    reader = Reader(await client_of(company.buyer))
    place = f"/documents/purchase-order/{order.id}"

    page = await reader.open(f"/orders/{order.id}")
    assert page.links["PDF"] == f"{place}/file"
    progress = await reader.open(page.links["PDF"])
    assert "Being prepared" in progress.text
    assert progress.links["Check again"] == f"{place}/file"
    assert "Being prepared" in (await reader.open(f"/orders/{order.id}")).text

    await run_jobs(RENDER)
    file = await reader.client.get(progress.links["Check again"])
    assert (file.status_code, file.headers["content-type"]) == (200, "application/pdf")
    assert (await reader.open(f"/orders/{order.id}")).links["PDF"] == f"{place}/file"


async def test_with_a_script_the_press_that_began_it_opens_the_file_when_it_is_there(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    reader = Reader(await client_of(company.buyer))
    page = await reader.open(f"/orders/{order.id}")
    asked = re.search(r'hx-get="([^"]+)"', card(page))
    assert asked
    swap = {"hx-request": "true"}

    piece = await reader.client.get(asked[1], headers=swap)
    again = re.search(r'hx-get="([^"]+)"', piece.text)
    assert again
    assert "<html" not in piece.text
    await run_jobs(RENDER)
    ready = await reader.client.get(again[1], headers=swap)

    assert "data-arrived" in ready.text
    assert "data-arrived" not in (await reader.open(f"/orders/{order.id}")).html
    watched = await reader.client.get(f"/documents/purchase-order/{order.id}", headers=swap)
    assert "data-arrived" not in watched.text


async def test_a_hash_is_for_who_looks_for_it(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    reader = Reader(await client_of(company.buyer))
    await reader.open(f"/documents/purchase-order/{order.id}")
    await run_jobs(RENDER)

    shown = card(await reader.open(f"/orders/{order.id}"))

    before, _details, inside = shown.partition("<details")
    assert "SHA-256" not in before
    assert re.search(r"SHA-256.*[0-9a-f]{64}", inside, re.DOTALL)
