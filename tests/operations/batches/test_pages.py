"""Batches in a browser: asked for by a plain form, watched, taken."""

import asyncio
from contextlib import suppress

import pytest

from portal.documents import commands as documents
from portal.operations import progress as stream
from portal.operations.batches import commands
from tests.harness.batches import THIS_MONTH, asked_batch, sent_invoices, unpacked
from tests.harness.jobs import run_jobs
from tests.harness.pages import Reader
from tests.harness.world import trading_pair


async def test_without_a_script_a_batch_is_asked_for_watched_by_loading_anew_and_taken(client_of):
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, "R-1")
    reader = Reader(await client_of(company.payable))
    page = await reader.open("/invoices")
    assert (await reader.open(page.links["All of a month"])).form("/batches").values["kind"] == "invoice"

    page = await reader.open("/batches")
    wrong = await reader.send(page, "/batches", month="2026-13", partner_id="nobody")
    assert wrong.status == 422
    assert wrong.form("/batches").values["month"] == "2026-13"
    assert "There is a problem" in wrong.text
    none = await reader.send(page, "/batches", month="2020-01")
    assert (none.status, none.form("/batches").values["month"]) == (422, "2020-01")

    shown = await reader.send(page, "/batches", month=THIS_MONTH)
    assert "0 of 1 documents" in shown.text
    assert '<noscript><meta http-equiv="refresh"' in shown.html
    await run_jobs(commands.MAKE)
    done = await reader.open("/batches")
    number = next(name for name in done.links if name.startswith("BA-"))
    ready = await reader.open(done.links[number])
    assert "Being put together" not in ready.text
    files = unpacked(await reader.client.get(ready.links["Download the zip"]))
    assert f"{supplier.name}/R-1.pdf" in files


async def test_a_page_cancels_and_offers_to_ask_again(client_of):
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, "R-1")
    batch = await asked_batch(company, partner_id=str(supplier.id))
    reader = Reader(await client_of(company.payable))
    page = await reader.send(await reader.open(f"/batches/{batch.id}"), "/cancel")
    assert "The batch is cancelled." in page.text
    again = await reader.open(page.links["Ask for it again"])
    asked = again.form("/batches").values
    assert (asked["kind"], asked["month"], asked["partner_id"]) == ("invoice", THIS_MONTH, str(supplier.id))


async def test_who_watches_is_told_of_each_document_and_of_the_end(client_of, monkeypatch):
    monkeypatch.setattr(stream, "EVERY", 0.02)
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, "R-1", "R-2")
    batch = await asked_batch(company)
    go_on, real = asyncio.Event(), documents.made
    waiting = asyncio.Event()

    async def held(actor, kind, record_id):
        document = await real(actor, kind, record_id)
        if waiting.is_set():
            await go_on.wait()
        waiting.set()
        return document

    monkeypatch.setattr(documents, "made", held)
    client = await client_of(company.payable)
    working = asyncio.create_task(run_jobs(commands.MAKE))
    with suppress(TimeoutError):
        await asyncio.wait_for(waiting.wait(), 60)
    listening = asyncio.create_task(client.get(f"/batches/{batch.id}/progress"))
    await asyncio.sleep(0.2)
    go_on.set()
    told = (await listening).text.replace("\r\n", "\n")
    assert "1 of 2 documents" in told
    assert told.endswith("event: over\ndata: ready\n\n")
    await working


@pytest.mark.parametrize("role", ["receiver", "auditor", "administrator"])
async def test_whoever_has_no_batches_finds_no_door_to_them(client_of, role):
    company, _supplier = await trading_pair()
    client = await client_of(company.people[role])
    assert (await client.get("/batches")).status_code == 403
    assert "/batches" not in (await client.get("/")).text
