"""What was signed outside comes back: the very document with one signature behind it, by a certificate of one's own."""

import asyncio
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from pyhanko.pdf_utils.generic import ArrayObject, NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, append_signature_field

from portal.access.guards import ProofNeeded
from portal.platform.refusals import Conflict, Denied, Invalid, NotFound
from portal.signatures import commands
from portal.signatures.judging import verdict
from portal.signatures.keeping import kept
from tests.harness.banks import proved
from tests.harness.forged import acting, led_past, rewritten
from tests.harness.papers import signed_outside, somebodys_certificate, written_into
from tests.harness.signings import a_pdf
from tests.harness.world import trading_pair
from tests.signatures.test_signing import Pair, pdfsig


@pytest.fixture
async def pair(connected) -> Pair:
    return Pair(*await trading_pair())


async def laid_before(signing: Any) -> bytes:
    return await kept(signing.sha256)


@pytest.mark.parametrize("field", ["Signature2", "MyOwn"])
async def test_a_signers_own_certificate_stands_beside_the_portals(pair, tmp_path, field, superuser):
    signing = await pair.opened()
    half = await commands.sign(pair.buyer, signing.id)
    signed = await signed_outside(await laid_before(half), "Jo Blake", field)
    done = await commands.bring_signed(pair.desk, signing.id, signed)
    assert (done.state, await kept(done.sha256)) == ("completed", signed)

    found = await verdict(signed)
    assert (found.outcome, [(each.holds, each.portal) for each in found.signatures]) == (
        "unchanged", [(True, True), (True, False)],
    )  # fmt: skip
    row = "select name, certificate, issuer, fingerprint, document_sha256 from signatory where sha256 = %s"
    name, certificate, issuer, fingerprint, before = superuser.execute(row, [done.sha256]).fetchone()
    assert (name, before, len(fingerprint)) == (pair.desk.name, half.sha256, 64)
    assert ("Jo Blake" in certificate, "Jo Blake" in issuer) == (True, True)
    (tmp_path / "signed.pdf").write_bytes(signed)
    assert (await asyncio.to_thread(pdfsig, tmp_path / "signed.pdf")).count("Signature is Valid") == 2


async def test_the_portal_signs_behind_a_signature_from_outside(pair):
    signing = await pair.opened(first="supplier")
    brought = await signed_outside(await laid_before(signing), "Jo Blake", "Signature2")
    await commands.bring_signed(pair.desk, signing.id, brought)
    done = await commands.sign(pair.buyer, signing.id)
    found = await verdict(await kept(done.sha256))
    assert [(each.holds, each.portal) for each in found.signatures] == [(True, False), (True, True)]
    assert (done.state, found.signatures[1].whole) == ("completed", True)


@contextmanager
def refused(why: str) -> Iterator[None]:
    """What is brought is refused at its field, for this cause alone."""
    with pytest.raises(Invalid) as refusal:
        yield
    (error,) = refusal.value.errors
    assert (error.field, bool(re.search(why, str(error.message)))) == ("file", True), error


async def of_another(pdf: bytes) -> bytes:
    return await signed_outside(a_pdf("Another agreement"))


async def unsigned(pdf: bytes) -> bytes:
    return pdf


async def drawn_over(pdf: bytes) -> bytes:
    return await signed_outside(written_into(pdf), "Mallory")


async def drawn_over_and_signed_in_the_place(pdf: bytes) -> bytes:
    return await signed_outside(written_into(pdf), "Mallory", "Signature2")


async def rewritten_before(pdf: bytes) -> bytes:
    return await signed_outside(rewritten(pdf), "Mallory", "Signature2")


async def of_another_behind(pdf: bytes) -> bytes:
    return await signed_outside(led_past(pdf, a_pdf("You pay ten times as much")), "Mallory")


async def for_no_signatures(pdf: bytes) -> bytes:
    return await signed_outside(pdf, own=somebodys_certificate("Mallory", signs=False))


async def certified(pdf: bytes) -> bytes:
    return await signed_outside(pdf, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES)


async def locked(pdf: bytes) -> bytes:
    """Nobody may fill the other places after it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    lock = FieldMDPSpec(FieldMDPAction.ALL)
    append_signature_field(writer, SigFieldSpec("Locking", field_mdp_spec=lock))
    out = io.BytesIO()
    writer.write(out)
    return await signed_outside(out.getvalue(), "Mallory", "Locking")


async def drawn_afterwards(pdf: bytes) -> bytes:
    return written_into(await signed_outside(pdf))


async def junk_behind(pdf: bytes) -> bytes:
    return await signed_outside(pdf) + b"\njunk" * 9


async def seen_elsewhere(pdf: bytes) -> bytes:
    return await signed_outside(pdf, "Mallory", box=(40, 300, 560, 700))


async def signed_twice(pdf: bytes) -> bytes:
    return await signed_outside(await signed_outside(pdf, "Jo Blake", "One"), "Kim Orr", "Two")


async def flipped(pdf: bytes) -> bytes:
    signed = bytearray(await signed_outside(pdf))
    signed[len(pdf) + 40] ^= 1
    return bytes(signed)


async def moved_place(pdf: bytes) -> bytes:
    """The place itself is drawn large over the page before it is signed."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field: Any = reference.get_object()
        if field["/T"] == "Signature2":
            field["/Rect"] = ArrayObject(map(NumberObject, (0, 0, 590, 800)))
            writer.update_container(field)
    out = io.BytesIO()
    writer.write(out)
    return await signed_outside(out.getvalue(), "Mallory", "Signature2")


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (of_another, "not the present file"),
        (unsigned, "no new signature"),
        (drawn_over, "Something else than a signature"),
        (drawn_afterwards, "Something else than a signature"),
        (drawn_over_and_signed_in_the_place, "Something else than a signature"),
        (rewritten_before, "Something else than a signature"),
        (of_another_behind, "Something else than a signature"),
        (acting, "Something else than a signature"),
        (certified, "locks the document"),
        (locked, "locks the document"),
        (for_no_signatures, "none for signing"),
        (seen_elsewhere, "Something else than a signature"),
        (moved_place, "Something else than a signature"),
        (signed_twice, "more than one"),
        (junk_behind, "cannot be read|whole file|Something else"),
        (flipped, "not valid|cannot be read|Something else|no new"),
    ],
)
async def test_what_is_not_that_document_with_one_signature_is_refused_with_the_cause(pair, how, why, superuser):
    signing = await pair.opened()
    with refused(why):
        await commands.bring_signed(pair.desk, signing.id, await how(await laid_before(signing)))
    assert superuser.execute("select signed from signing where id = %s", [signing.id]).fetchone() == (0,)


async def test_a_certificate_that_has_run_out_is_refused(pair, clock):
    signing = await pair.opened()
    signed = await signed_outside(await laid_before(signing))
    await clock(datetime(2099, 1, 1, tzinfo=UTC))
    with refused("not valid today"):
        await commands.bring_signed(pair.desk, signing.id, signed)


async def test_one_certificate_does_not_sign_for_two_people(pair):
    signing, own = await pair.opened(), somebodys_certificate("Jo Blake")
    first = await signed_outside(await laid_before(signing), field="Signature1", own=own)
    signing = await commands.bring_signed(pair.buyer, signing.id, first)
    with refused("same certificate"):
        second = await signed_outside(await laid_before(signing), field="Signature2", own=own)
        await commands.bring_signed(pair.desk, signing.id, second)


async def test_nobody_takes_the_place_or_the_turn_of_others(pair):
    signing = await pair.opened(first="buyer")
    pdf = await laid_before(signing)
    ours, theirs = await signed_outside(pdf, field="Signature1"), await signed_outside(pdf, field="Signature2")
    with pytest.raises(Conflict, match="not yours"):
        await commands.bring_signed(pair.desk, signing.id, ours)
    with pytest.raises(Conflict, match="other side signs first"):
        await commands.bring_signed(pair.desk, signing.id, theirs)
    with pytest.raises(ProofNeeded):
        await commands.bring_signed(pair.company.buyer, signing.id, ours)
    with pytest.raises(Denied):
        await commands.bring_signed(proved(pair.company.auditor), signing.id, ours)
    with pytest.raises(NotFound):
        await commands.bring_signed(Pair(*await trading_pair()).buyer, signing.id, ours)
    await commands.bring_signed(pair.buyer, signing.id, ours)
    with refused("not the present file"):
        await commands.bring_signed(pair.desk, signing.id, theirs)


async def test_it_comes_back_by_page_and_api(pair, client_of):
    signing = await pair.opened()
    buyer, desk = await client_of(pair.buyer), await client_of(pair.desk)
    place = f"/signings/{signing.id}"
    offered = await buyer.get(f"/api/v1{place}/file.pdf")
    again = await buyer.post(f"{place}/signed-file", files={"file": ("a.pdf", offered.content, "application/pdf")})
    assert (again.status_code, "no new signature" in again.text) == (422, True)
    signed = await signed_outside(offered.content, "Jo Blake", "Signature1")
    sent = await buyer.post(f"{place}/signed-file", files={"file": ("a.pdf", signed, "application/pdf")})
    assert sent.status_code == 303, sent.text
    shown = (await desk.get(place)).text
    assert ("Jo Blake" in shown, "whether you trust who issued it is yours to judge" in shown) == (True, True)
    offered = await desk.get(f"/api/v1{place}/file.pdf")
    told = await desk.post(f"/api/v1{place}/signed-file", content=await signed_outside(offered.content, "Kim Orr"))
    assert told.status_code == 200, told.text
    assert ["Kim Orr" in each["certificate"] for each in told.json()["signatories"]] == [False, True]
