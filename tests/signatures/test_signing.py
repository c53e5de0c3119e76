"""Both sides sign a document in their turn; every signature stays valid, and whatever is changed is found."""

import asyncio
import io
import subprocess
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.access.guards import ProofNeeded
from portal.platform.refusals import Conflict, Denied, Invalid, NotFound
from portal.signatures import commands
from portal.signatures.authority import roots
from portal.signatures.judging import verdict
from portal.signatures.keeping import kept
from portal.signatures.reading import examine
from tests.harness.banks import proved
from tests.harness.papers import signed_outside
from tests.harness.signings import a_pdf, opened_signing
from tests.harness.world import a_colleague, trading_pair


def pdfsig(file: Path) -> str:
    """What Poppler says of the signatures."""
    return subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=True).stdout


class Pair:
    def __init__(self, company: Any, supplier: Any) -> None:
        self.company, self.supplier = company, supplier
        self.buyer, self.desk = proved(company.buyer), proved(supplier.order_desk)

    async def opened(self, pdf: bytes = b"", **said: Any) -> Any:
        return await opened_signing(self.company, self.supplier, pdf, **said)


@pytest.fixture
async def pair(connected) -> Pair:
    return Pair(*await trading_pair())


async def test_two_sides_sign_and_everybody_else_finds_both_signatures_valid(pair, tmp_path, superuser):
    original = a_pdf("One", "Two")
    signing = await pair.opened(original)
    await commands.sign(pair.buyer, signing.id)
    done = await commands.sign(pair.desk, signing.id)
    assert (done.state, done.signed) == ("completed", 2)

    pdf = await kept(done.sha256)
    assert pdf.startswith(original)
    (tmp_path / "signed.pdf").write_bytes(pdf)
    said = await asyncio.to_thread(pdfsig, tmp_path / "signed.pdf")
    assert said.count("Signature is Valid") == 2
    assert said.count("Total document signed") == 1
    found = await verdict(pdf)
    assert [(each.name, each.holds, each.portal) for each in found.signatures] == [
        (pair.buyer.name, True, True),
        (pair.desk.name, True, True),
    ]
    assert (found.outcome, found.document and found.document.is_current) == ("unchanged", True)
    events = superuser.execute("select event from audit_entry where root_id = %s order by id", [signing.id]).fetchall()
    assert [event for (event,) in events] == [
        "signing.opened", "signing.signed", "signing.signed", "signing.completed",
    ]  # fmt: skip
    kept_of = "select document_sha256, sha256, address from signatory where signing_id = %s order by position"
    (first, second) = superuser.execute(kept_of, [signing.id]).fetchall()
    assert (first[1], second[1]) == (second[0], done.sha256)


async def test_the_page_shows_names_and_times_and_covers_nothing(pair):
    signing = await pair.opened(a_pdf("The agreement itself"), own_places=2, their_places=2)
    second = proved(await a_colleague(pair.company, "approver"))
    third = proved(await a_colleague(pair.supplier, "order_desk"))
    for actor in (pair.buyer, pair.desk, second, third):
        signing = await commands.sign(actor, signing.id)
    with pymupdf.open(stream=await kept(signing.sha256)) as pdf:
        assert len(pdf) == 2
        assert "The agreement itself" in str(pdf[0].get_text())
        assert not list(pdf[0].widgets())
        boxes = [pymupdf.Rect(widget.rect) for widget in pdf[1].widgets()]
    assert len(boxes) == 4
    assert not any(one.intersects(other) for one in boxes for other in boxes if one is not other)
    assert [each.changed for each in (await verdict(await kept(signing.sha256))).signatures] == [
        "signatures", "signatures", "signatures", "nothing",
    ]  # fmt: skip


async def test_who_signs_out_of_turn_twice_or_without_a_second_factor_is_refused(pair):
    signing = await pair.opened(own_places=2, first="supplier")
    with pytest.raises(Conflict, match="other side signs first"):
        await commands.sign(pair.buyer, signing.id)
    with pytest.raises(ProofNeeded):
        await commands.sign(pair.supplier.order_desk, signing.id)
    await commands.sign(pair.desk, signing.id)
    with pytest.raises(Conflict, match="You signed"):
        await commands.sign(pair.desk, signing.id)
    with pytest.raises(Conflict, match="Your company signed"):
        await commands.sign(proved(await a_colleague(pair.supplier, "order_desk")), signing.id)
    await commands.sign(pair.buyer, signing.id)
    with pytest.raises(Conflict, match="You signed"):
        await commands.sign(pair.buyer, signing.id)


async def test_strangers_find_nothing_and_auditors_never_sign(pair):
    signing = await pair.opened()
    stranger = Pair(*await trading_pair())
    for actor in (stranger.buyer, stranger.desk):
        with pytest.raises(NotFound):
            await commands.sign(actor, signing.id)
    with pytest.raises(Denied):
        await commands.sign(proved(pair.company.auditor), signing.id)
    with pytest.raises(NotFound):
        await commands.withdraw(pair.buyer.system(pair.supplier.id), signing.id, "No.")


@pytest.mark.parametrize("ending", ["decline", "withdraw"])
async def test_what_was_declined_or_withdrawn_is_signed_by_nobody(pair, ending):
    signing = await pair.opened()
    actor = pair.desk if ending == "decline" else pair.buyer
    with pytest.raises(Invalid):
        await getattr(commands, ending)(actor, signing.id, "")
    over = await getattr(commands, ending)(actor, signing.id, "Clause 3 is not agreed.")
    assert (over.state, over.reason) == ({"decline": "declined", "withdraw": "withdrawn"}[ending], over.reason)
    for one in (pair.buyer, pair.desk):
        with pytest.raises(Conflict):
            await commands.sign(one, signing.id)


async def test_what_is_no_pdf_or_signed_already_is_not_opened_for_signing(pair):
    for bad in (b"%PDF-1.7 nothing", await signed_outside(a_pdf())):
        with pytest.raises(Invalid):
            await pair.opened(bad)
    stranger = Pair(*await trading_pair())
    with pytest.raises(Invalid):
        await opened_signing(pair.company, stranger.supplier)


async def test_a_flipped_byte_anywhere_in_what_was_signed_is_found(pair):
    signing = await pair.opened()
    await commands.sign(pair.buyer, signing.id)
    pdf, anchors = await kept((await commands.sign(pair.desk, signing.id)).sha256), await roots()

    def flipped_bytes_are_found(place: int, bit: int) -> None:
        changed = bytearray(pdf)
        changed[place] ^= 1 << bit
        try:
            found = examine(bytes(changed), anchors).signatures
        except Exception:  # what cannot be read any more is not valid either
            return
        assert len(found) < 2 or not all(each.holds and each.portal for each in found)

    signed_until = pdf.rindex(b"/Contents <")
    tried = settings(max_examples=60, deadline=None)(
        given(st.integers(0, signed_until - 1), st.integers(0, 7))(flipped_bytes_are_found)
    )
    await asyncio.to_thread(tried)


async def test_a_signing_goes_through_pages_and_api(pair, client_of, anonymous):
    buyer, desk = await client_of(pair.buyer), await client_of(pair.desk)
    sent = {
        "title": "NDA",
        "supplier_id": str(pair.supplier.id),
        "own_places": "1",
        "their_places": "1",
        "first": "any",
    }
    file = {"file": ("nda.pdf", io.BytesIO(a_pdf()), "application/pdf")}
    opened = await buyer.post("/signings/new", data=sent, files=file)
    assert opened.status_code == 303, opened.text
    place = opened.headers["location"]
    assert (await desk.get(place)).status_code == 200
    waiting = (await desk.get("/")).text
    assert (place in waiting, pair.company.name in waiting) == (True, True)
    missing = await buyer.post("/signings/new", data=sent | {"title": ""}, files=file)
    assert (missing.status_code, str(pair.supplier.id) in missing.text) == (422, True)

    signing_id = place.rsplit("/", 1)[1]
    signed = await desk.post(f"/api/v1/signings/{signing_id}/sign")
    assert signed.status_code == 200, signed.text
    assert (await buyer.post(f"{place}/sign")).status_code == 303
    told = (await desk.get(f"/api/v1/signings/{signing_id}")).json()
    assert (told["state"], [each["name"] for each in told["signatories"]]) == (
        "completed", [pair.buyer.name, pair.desk.name],
    )  # fmt: skip
    pdf = await desk.get(f"/api/v1/signings/{signing_id}/file.pdf")
    found = (await anonymous.post("/api/v1/verify", content=pdf.content)).json()
    assert (found["outcome"], found["document"]["number"]) == ("unchanged", "NDA")
    listed = (await buyer.get("/api/v1/signings")).json()["items"]
    assert [each["id"] for each in listed] == [signing_id]
