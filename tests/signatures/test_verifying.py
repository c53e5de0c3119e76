"""Anybody who holds a document learns whether it is genuine; nobody learns anything of one that they do not hold."""

import hashlib

import pytest

from portal.orders import commands as orders
from portal.signatures import examining
from portal.signatures.judging import verdict
from portal.signatures.turnstile import MOST
from tests.harness.changes import changed, to
from tests.harness.forged import acting, led_past, rewritten
from tests.harness.papers import Paper, document_of, order_paper, signed_outside, written_into
from tests.harness.signings import a_pdf
from tests.harness.world import accepted_order, trading_pair


@pytest.fixture
async def paper(client_of) -> Paper:
    return await order_paper(client_of)


async def asked(client, pdf: bytes, **query):
    answer = await client.post("/api/v1/verify", content=pdf, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_somebody_without_an_account_learns_that_an_order_is_genuine(anonymous, paper, superuser):
    found = await asked(anonymous, paper.pdf)

    document = found["document"]
    assert found["outcome"] == "unchanged"
    assert (document["number"], document["issuer"]) == (paper.record.number, paper.company.name)
    assert document["is_current"] is True
    assert found["sha256"] == hashlib.sha256(paper.pdf).hexdigest()
    assert (await asked(anonymous, paper.pdf, code=document["code"]))["fits_code"] is True
    assert (await asked(anonymous, paper.pdf, code="0123 4567 89ab"))["fits_code"] is False


async def test_the_page_says_the_same_in_words_and_keeps_what_was_typed(anonymous, paper):
    sent = {"file": ("order.pdf", paper.pdf, "application/pdf")}
    shown = await anonymous.post("/verify", files=sent, data={"code": ""})
    assert shown.status_code == 200
    assert "Issued here, and not changed" in shown.text
    assert paper.record.number in shown.text

    nothing = await anonymous.post("/verify", files={"file": ("order.pdf", b"hello", "application/pdf")})
    assert (nothing.status_code, "This is no PDF" in nothing.text) == (422, True)
    assert (await anonymous.post("/verify", data={"code": "1"})).status_code == 422


async def test_the_code_of_a_document_tells_nothing_without_the_document(anonymous, paper):
    code = (await asked(anonymous, paper.pdf))["document"]["code"]
    told, invented = [(await anonymous.get("/verify", params={"code": each})).text for each in (code, "0" * 12)]
    spaced = " ".join(code[at : at + 4] for at in (0, 4, 8))
    assert told.replace(spaced, "0000 0000 0000").replace(code, "0" * 12) == invented


async def test_a_changed_byte_or_a_drawing_over_it_is_found(anonymous, paper):
    place = len(paper.pdf) // 2
    flipped = paper.pdf[:place] + bytes([paper.pdf[place] ^ 1]) + paper.pdf[place + 1 :]
    assert (await asked(anonymous, flipped))["outcome"] in ("unknown", "unreadable")
    drawn = await asked(anonymous, written_into(paper.pdf))
    assert (drawn["outcome"], drawn["document"]["number"]) == ("changed", paper.record.number)


async def test_a_mark_that_is_drawn_over_a_document_changes_it_though_somebody_signed_it(anonymous, paper):
    found = await asked(anonymous, await signed_outside(paper.pdf, "Mallory", box=(40, 300, 560, 700)))
    assert found["outcome"] == "changed"


async def test_what_stands_behind_the_last_signature_changes_a_document(anonymous, paper):
    signed = await signed_outside(paper.pdf, "Jo Blake")
    for more in (b"\njunk", b"\n4 0 obj << /Length 0 >> stream\nendstream endobj\n" + b" " * 900, b"\n%%EOF\n"):
        found = await asked(anonymous, signed + more)
        assert found["outcome"] in ("changed", "unreadable")


async def test_a_document_that_somebody_signed_outside_is_still_the_one_that_was_issued(anonymous, paper):
    found = await asked(anonymous, await signed_outside(paper.pdf, "Jo Blake"))
    (signature,) = found["signatures"]
    assert found["outcome"] == "signed"
    assert (signature["intact"], signature["whole"], signature["portal"]) == (True, True, False)
    assert "Jo Blake" in signature["certificate"]
    assert (signature["name"], signature["self_issued"]) == ("Jo Blake", True)


async def test_a_forger_who_signs_what_they_changed_is_found_all_the_same(anonymous, paper):
    found = await asked(anonymous, await signed_outside(written_into(paper.pdf), "Mallory"))
    assert found["outcome"] == "changed"
    late = await asked(anonymous, written_into(await signed_outside(paper.pdf)))
    assert late["outcome"] == "changed"
    assert [each["changed"] for each in late["signatures"]] == ["other"]


async def test_whoever_signs_a_forgery_that_begins_with_the_document_is_found(anonymous, paper):
    for forged in (rewritten(paper.pdf), led_past(paper.pdf, a_pdf("You pay ten times as much"))):
        found = await asked(anonymous, await signed_outside(forged, "Mallory"))
        assert (found["outcome"], found["signatures"][0]["intact"]) == ("changed", True)
    assert (await asked(anonymous, await acting(paper.pdf)))["outcome"] == "changed"


async def test_an_order_that_was_changed_since_says_that_a_later_revision_exists(anonymous, client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    first = await document_of(client_of, company.buyer, order.id)
    asked_for = await orders.propose(company.buyer, order.id, changed(to(quantity="5")))
    await orders.accept_change(supplier.order_desk, order.id, asked_for.asked.id)
    assert (await asked(anonymous, first))["document"]["is_current"] is False


@pytest.mark.parametrize(
    "hostile",
    [
        b"%PDF-1.7\n" + b"\0" * 1000,
        b"%PDF-1.7\n" + b"[" * 200_000,
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF",
        b"%PDF-1.7\n" + b"%%EOF\n" * 50_000,
        b"%PDF-1.7\nxref\n0 99999999999999999999\ntrailer<</Size 9>>\nstartxref\n9\n%%EOF",
    ],
)
async def test_what_breaks_a_reader_is_told_as_unreadable(connected, hostile):
    assert (await verdict(hostile)).outcome == "unreadable"


async def test_who_asks_too_often_waits(anonymous):
    answers = [await anonymous.post("/api/v1/verify", content=b"no") for _time in range(MOST + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {422}
    assert (answers[-1].status_code, "retry-after" in answers[-1].headers) == (429, True)


async def test_a_room_full_of_strangers_turns_away_the_next_and_keeps_nobody_from_signing(
    anonymous, paper, monkeypatch
):
    monkeypatch.setattr(examining.STRANGERS, "taken", examining.STRANGERS.most)

    turned_away = await anonymous.post("/api/v1/verify", content=paper.pdf)
    page = await anonymous.post("/verify", files={"file": ("order.pdf", paper.pdf, "application/pdf")})

    assert (turned_away.status_code, "retry-after" in turned_away.headers, page.status_code) == (429, True, 429)
    assert "Many documents are being checked now" in page.text
    assert (await examining.examine(paper.pdf, [])).pages == 1


async def test_nothing_of_it_is_kept(anonymous, paper, superuser):
    counting = "select count(*) from audit_entry", "select count(*) from document"
    before = [superuser.execute(each.encode()).fetchone() for each in counting]
    await asked(anonymous, written_into(paper.pdf))
    assert [superuser.execute(each.encode()).fetchone() for each in counting] == before


async def test_the_certificates_are_there_for_everybody_and_their_keys_for_nobody(anonymous):
    page = await anonymous.get("/certificates")
    assert page.status_code == 200
    link = page.text.split('href="/certificates/')[1].split('"')[0]
    pem = await anonymous.get(f"/certificates/{link}")
    assert pem.content.startswith(b"-----BEGIN CERTIFICATE-----")
    assert b"PRIVATE" not in pem.content
    assert (await anonymous.get("/certificates/" + "0" * 64)).status_code == 404
