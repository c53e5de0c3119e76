"""A character that no font has stops its document with a sentence that says which and where; never a box on paper."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from portal.documents import sheets
from portal.documents.press import Sheet
from portal.documents.pressroom import Unprintable, pdf_of
from portal.documents.troubles import told, trouble_of
from portal.orders import commands as orders
from portal.platform.i18n import use_language
from portal.platform.refusals import Conflict
from tests.documents import samples
from tests.harness.changes import changed
from tests.harness.jobs import run_jobs, waiting_jobs
from tests.harness.pages import Reader
from tests.harness.world import issued_order, line, trading_pair

RENDER = "documents.render"
CUNEIFORM = "𒀭"  # U+1202D, which no font of ours has


def block(name: str) -> dict[str, Any]:
    """A signature on paper, by this name."""
    said = {"statement": "Read and agreed.", "signed_at": datetime(2026, 5, 1, tzinfo=UTC), "seal": None}
    place = SimpleNamespace(name=name, **said)
    return {"place": place, "company": "Acme", "at": {"wide": 80, "tall": 30}}


@pytest.mark.parametrize("text", [CUNEIFORM, f"bolt {CUNEIFORM}", f"<b>{CUNEIFORM}</b>", "\ue000", "\U000f0000"])
async def test_the_press_refuses_what_it_would_print_as_a_box(text):
    with pytest.raises(Unprintable, match="missing-glyph") as refused:
        await pdf_of(Sheet(f"<p>{text}</p>", ""))
    assert refused.value.lacking in text
    assert len(refused.value.lacking) == 1


@pytest.mark.parametrize(
    "text", ["Grüße, 宁波精工, שלום, مرحبا, Ωμέγα, Привет", "e\u0301 Z\u0308", "a\u200b\u2068b\u2069\u00ad", "☎\ufe0e"]
)
async def test_marks_that_melt_into_letters_and_signs_that_are_not_seen_need_no_glyph(text):
    assert (await pdf_of(Sheet(f"<p>{text}</p>", ""))).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Line 7, Description: 𒀭 (U+1202D); Supplier, Name"), ("zh-Hans", "第 7 行, 品名及说明")],
)
def test_the_sentence_names_characters_and_their_places_in_the_readers_language(language, said):
    snapshot = samples.order([samples.line(7, description=f"Bolt {CUNEIFORM}")], samples.party(CUNEIFORM, "GB"))
    kept = trouble_of(Unprintable("missing-glyph", CUNEIFORM), snapshot).kept()
    use_language(language)
    try:
        assert said in told(kept)
    finally:
        use_language("en")


async def test_the_orders_page_says_what_is_lacking_and_the_next_revision_has_its_document(client_of, superuser):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(), note=f"Mark it {CUNEIFORM}")
    buyer = await client_of(company.buyer)
    place, said = f"/api/v1/purchase-orders/{order.id}/document.pdf", "Notes: 𒀭 (U+1202D)"
    await buyer.get(place)
    await run_jobs(RENDER)

    assert await waiting_jobs(RENDER) == []
    made = "select state, attempts from document where record_id = %s order by requested_at"
    assert superuser.execute(made, [order.id]).fetchall() == [("failed", 1)]
    refused = await buyer.get(place)
    assert (refused.status_code, said in refused.json()["detail"]) == (409, True)
    for reader in (Reader(buyer), Reader(await client_of(supplier.order_desk))):
        shown = (await reader.open(f"/orders/{order.id}")).text
        assert said in shown
        assert "The record stays valid as it is." in shown

    await orders.propose(company.buyer, order.id, changed(note="Mark it AN"))
    assert (await buyer.get(place)).status_code == 202
    await run_jobs(RENDER)
    assert (await buyer.get(place)).status_code == 200
    assert superuser.execute(made, [order.id]).fetchall() == [("failed", 1), ("ready", 0)]


async def test_paper_that_is_no_records_document_is_refused_with_the_same_sentence():
    with pytest.raises(Conflict, match="U\\+1202D"):
        await sheets.printed("documents/signature_block.html", **block(CUNEIFORM))
