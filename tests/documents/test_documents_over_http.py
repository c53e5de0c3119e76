"""A document over HTTP: asked for, made once by the worker, fetched by whoever may, tried again when it failed."""

import asyncio
import hashlib
from typing import Any
from uuid import UUID

import pymupdf

from portal.documents import pressroom
from portal.documents.pressroom import PressDied, Unprintable
from tests.harness.deliveries import despatched_goods, drafted_advice
from tests.harness.invoices import delivered_order, submitted_invoice
from tests.harness.jobs import run_jobs, waiting_jobs
from tests.harness.world import accepted_order, draft_order, issued_order, line, trading_pair

RENDER = "documents.render"


def path(order, rest: str = "document.pdf") -> str:
    return f"/api/v1/purchase-orders/{order.id}/{rest}"


async def jobs_for(order, superuser) -> int:
    ids = {str(row[0]) for row in superuser.execute("select id from document where record_id = %s", [order.id])}
    return sum(job["document_id"] in ids for job in await waiting_jobs(RENDER))


async def test_the_first_request_begins_the_document_and_a_later_one_gets_the_file(client_of, superuser):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(), line(description="六角螺栓", tax_rate="7"))
    buyer = await client_of(company.buyer)

    first = await buyer.get(path(order))
    assert (first.status_code, first.json()["state"]) == (202, "pending")
    assert int(first.headers["retry-after"]) > 0
    assert (await buyer.get(path(order))).json()["id"] == first.json()["id"]
    assert await jobs_for(order, superuser) == 1
    assert {done.error for done in await run_jobs(RENDER)} == {None}

    file = await buyer.get(path(order))
    assert (file.status_code, file.headers["content-type"]) == (200, "application/pdf")
    assert file.headers["content-disposition"].startswith(f'inline; filename="{order.number}.pdf"')
    assert file.headers["etag"] == f'"{hashlib.sha256(file.content).hexdigest()}"'
    assert file.headers["x-content-type-options"] == "nosniff"
    with pymupdf.open(stream=file.content) as pdf:
        text = pdf[0].get_text()
    assert order.number in text
    assert "六角螺栓" in text
    download = await buyer.get(path(order), params={"download": "true"})
    assert download.headers["content-disposition"].startswith("attachment; ")
    again = await buyer.get(path(order), headers={"if-none-match": file.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_both_sides_get_the_same_document_and_it_is_in_the_log(client_of, superuser):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    desk, buyer = await client_of(supplier.order_desk), await client_of(company.buyer)
    assert (await desk.get(path(order))).status_code == 202
    assert (await buyer.get(path(order))).status_code == 202
    await run_jobs(RENDER)

    assert (await desk.get(path(order))).content == (await buyer.get(path(order))).content
    events = superuser.execute(
        "select event, e.owner_id, e.shown_to from audit_entry e join document d on d.id = e.subject_id "
        "where d.record_id = %s order by e.id",
        [order.id],
    ).fetchall()
    assert [row[0] for row in events] == ["document.requested", "document.ready"]
    assert {row[1:] for row in events} == {(company.id, supplier.id)}


async def test_fifty_who_ask_at_once_get_one_document_and_one_job(client_of, superuser):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    answers = await asyncio.gather(*((buyer if n % 2 else desk).get(path(order)) for n in range(50)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await jobs_for(order, superuser) == 1


async def test_a_draft_has_no_document_and_nobody_else_has_this_one(client_of):
    company, supplier = await trading_pair()
    stranger, rival = await trading_pair()
    draft, order = await draft_order(company, supplier), await issued_order(company, supplier)
    buyer = await client_of(company.buyer)
    await buyer.get(path(order))
    await run_jobs(RENDER)

    assert (await buyer.get(path(draft))).status_code == 409
    assert (await (await client_of(supplier.order_desk)).get(path(draft))).status_code == 404
    for other in (stranger.buyer, rival.order_desk):
        client = await client_of(other)
        assert (await client.get(path(order))).status_code == 404
        assert (await client.get(f"/documents/purchase-order/{order.id}")).status_code == 404
        assert (await client.get(f"/documents/purchase-order/{order.id}/file")).status_code == 404
        assert (await client.post(path(order, "document/retry"))).status_code == 404


async def test_who_may_not_see_prices_gets_no_document_with_prices(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    for actor in (company.receiver, supplier.shipping):
        client = await client_of(actor)
        assert (await client.get(path(order))).status_code == 403
        assert (await client.get(f"/documents/purchase-order/{order.id}")).status_code == 403
        assert (await client.get(f"/documents/purchase-order/{order.id}/file")).status_code == 403


async def test_a_document_that_cannot_be_set_says_so_and_is_made_at_another_try(client_of, monkeypatch):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    buyer = await client_of(company.buyer)
    await buyer.get(path(order))

    async def stuck(_sheet: Any, **_more: Any) -> bytes:
        raise Unprintable("too-slow")

    with monkeypatch.context() as patch:
        patch.setattr(pressroom, "proof_of", stuck)
        await run_jobs(RENDER)
        refused = await buyer.get(path(order))
        assert (refused.status_code, refused.json()["title"]) == (409, "This cannot be done now")
        assert "longer than a document may" in refused.json()["detail"]
        shown = await buyer.get(f"/documents/purchase-order/{order.id}")
        assert f'action="/documents/purchase-order/{order.id}/retry"' in shown.text

    assert (await buyer.post(path(order, "document/retry"))).json()["state"] == "pending"
    assert (await buyer.post(path(order, "document/retry"))).status_code == 202
    await run_jobs(RENDER)
    assert (await buyer.get(path(order))).status_code == 200


async def test_a_press_that_dies_is_replaced_and_three_deaths_are_enough(client_of, monkeypatch, superuser):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    buyer = await client_of(company.buyer)
    await buyer.get(path(order))
    deaths = []

    async def dying(_sheet: Any, **_more: Any) -> bytes:
        deaths.append(1)
        raise PressDied

    monkeypatch.setattr(pressroom, "proof_of", dying)
    await run_jobs(RENDER)
    assert len(deaths) == 3
    assert (await buyer.get(path(order))).status_code == 409
    events = superuser.execute(
        "select event from audit_entry e join document d on d.id = e.subject_id where d.record_id = %s order by e.id",
        [order.id],
    ).fetchall()
    assert [row[0] for row in events][1:] == ["document.stumbled", "document.stumbled", "document.failed"]


async def test_a_despatch_advice_is_a_document_without_prices_for_shipping_and_receiving(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line(unit_price="777.77"))
    advice = await despatched_goods(company, supplier, order, "4", "10")
    place = f"/api/v1/despatch-advices/{advice.id}/document.pdf"
    shipping, receiver = await client_of(supplier.shipping), await client_of(company.receiver)
    assert (await shipping.get(place)).status_code == 202
    await run_jobs(RENDER)

    file = await receiver.get(place)
    assert file.status_code == 200
    with pymupdf.open(stream=file.content) as pdf:
        text = pdf[0].get_text()
    assert [said for said in (advice.number, order.number, supplier.name, company.name) if said not in text] == []
    assert "777.77" not in text
    assert (await (await client_of(company.payable)).get(place)).status_code == 200
    draft = await drafted_advice(company, supplier, await accepted_order(company, supplier))
    assert (await shipping.get(f"/api/v1/despatch-advices/{draft.id}/document.pdf")).status_code == 409
    assert (await receiver.get(f"/api/v1/despatch-advices/{draft.id}/document.pdf")).status_code == 404


async def test_an_invoice_is_a_document_for_billing_and_payables(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    place = f"/api/v1/invoices/{invoice.id}/document.pdf"
    billing, payable = await client_of(supplier.billing), await client_of(company.payable)
    assert (await billing.get(place)).status_code == 202
    await run_jobs(RENDER)

    file = await payable.get(place)
    assert file.status_code == 200
    with pymupdf.open(stream=file.content) as pdf:
        text = " ".join(str(pdf[0].get_text()).split())
    assert [
        said for said in (invoice.number, order.number, "148.75 EUR", "Tax 19 % on 125.00 EUR") if said not in text
    ] == []
    for nosy in (company.receiver, company.requester, supplier.shipping):
        assert (await (await client_of(nosy)).get(place)).status_code == 403
    _stranger, rival = await trading_pair()
    assert (await (await client_of(rival.billing)).get(place)).status_code == 404


async def test_the_page_of_an_order_offers_its_document(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    desk = await client_of(supplier.order_desk)
    place = f"/documents/purchase-order/{order.id}"
    assert 'class="stored is-absent"' in (await desk.get(f"/orders/{order.id}")).text
    await desk.get(place)
    assert 'class="stored is-preparing"' in (await desk.get(f"/orders/{order.id}")).text
    await run_jobs(RENDER)
    assert f'href="{place}/file"' in (await desk.get(f"/orders/{order.id}")).text
    shipping = await client_of(supplier.shipping)
    assert place not in (await shipping.get(f"/orders/{order.id}")).text


async def test_the_page_shows_progress_then_the_download(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    desk = await client_of(supplier.order_desk)
    place = f"/documents/purchase-order/{order.id}"

    page = await desk.get(place)
    assert "<progress" in page.text
    assert "<title>" in page.text
    piece = await desk.get(place, headers={"hx-request": "true"})
    assert piece.text.strip().startswith('<div class="stored is-preparing"')
    assert f'hx-get="{place}"' in piece.text
    early = await desk.get(f"{place}/file")
    assert (early.status_code, early.headers["location"]) == (303, place)
    await run_jobs(RENDER)

    piece = await desk.get(place, headers={"hx-request": "true"})
    assert f'href="{place}/file"' in piece.text
    assert (await desk.get(f"{place}/file")).content.startswith(b"%PDF-1.7")


async def test_an_unknown_kind_of_document_is_not_found(client_of):
    company, _supplier = await trading_pair()
    buyer = await client_of(company.buyer)
    assert (await buyer.get(f"/documents/membership/{company.id}")).status_code == 404
    assert (await buyer.get(f"/documents/purchase-order/{UUID(int=0)}")).status_code == 404
