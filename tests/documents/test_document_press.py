"""What comes off the press: pages, fonts, the same bytes for the same sheet, and nothing from outside, ever."""

import asyncio
import hashlib
import resource
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import pymupdf
import pytest
from structlog.testing import capture_logs

from portal.documents import pressroom
from portal.documents.bounds import SHORT, Bound, bound_of, within
from portal.documents.press import Sheet
from portal.documents.pressroom import Unprintable, pdf_of
from portal.documents.rules import identity
from portal.documents.sheets import compose
from tests.documents import samples

TEMPLATES = {
    "purchase-order": "documents/purchase_order.html",
    "despatch-advice": "documents/despatch_advice.html",
    "invoice": "documents/invoice.html",
    "statement": "documents/statement.html",
}
ORDER_ID = UUID("0190a1b2-c3d4-7e8f-9a0b-000000000001")
WORD = "Donaudampfschiff" * 13


async def printed(kind: str, snapshot: dict[str, Any]) -> bytes:
    return await pdf_of(await asyncio.to_thread(compose, TEMPLATES[kind], identity(kind, ORDER_ID, snapshot), snapshot))


def opened(pdf: bytes) -> Any:
    return pymupdf.open(stream=pdf)


def words(page: Any) -> str:
    return " ".join(page.get_text().split())


@pytest.mark.parametrize(
    ("kind", "snapshot", "said"),
    [
        ("purchase-order", samples.order([samples.line(1)]), ["Purchase order PO-2026-00042", "0.0745", "106.39 EUR"]),
        (
            "despatch-advice",
            samples.advice([samples.advice_line(1)]),
            ["DA-2026-00007", "340123450000000017", "L-2211-A"],
        ),
        (
            "invoice",
            samples.invoice([samples.line(1)]),
            ["Invoice R/2026 0815", "Tax 19 % on 89.40 EUR", "Bill to", "Charge: Freight to site 19 % 45.00"],
        ),
    ],
)
async def test_each_kind_fits_on_one_page_with_one_line(kind, snapshot, said):
    with opened(await printed(kind, snapshot)) as pdf:
        assert pdf.page_count == 1
        text = words(pdf[0])
    assert [part for part in [*said, "Page 1 of 1", "Nordlicht Maschinenbau GmbH"] if part not in text] == []


async def test_fifty_lines_keep_their_rows_whole_and_their_header_on_every_page():
    lines = [samples.line(n, description=samples.LONG if n % 3 else "Hex bolt M8 × 40") for n in range(1, 51)]
    with opened(await printed("purchase-order", samples.order(lines, revision=2))) as pdf:
        pages = [words(page) for page in pdf]
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Revision 2" in page
    whole = [
        page.count("Schwingungsdämpfendes") == page.count("4711-B") and page.count("IT-") == page.count("1,200 pcs")
        for page in pages
    ]
    assert all(whole)
    assert all("Description" in page for page in pages if "IT-" in page)
    assert sum(page.count("IT-") for page in pages) == 50


async def test_a_page_of_a_statement_says_which_items_are_on_it_and_a_credit_is_less_than_nothing():
    snapshot = samples.statement(orders=40, invoices=60, credited="-25.08")
    with opened(await printed("statement", snapshot)) as pdf:
        pages = [words(page) for page in pdf]
    assert len(pages) > 2
    ordered, settled = "Ordered, not received (net)", "Invoiced, not settled (gross)"
    assert all(ordered in page for page in pages if "PO-2026-" in page)
    assert all(settled in page for page in pages if "R-2026-" in page)
    text = " ".join(pages)
    assert ("−25.08" in text, "-25.08" in text) == (True, False)


async def test_words_of_two_hundred_letters_stay_on_the_paper():
    lines = [samples.line(1, description=WORD, substitute_item=WORD), samples.line(2, description=samples.LONG * 8)]
    snapshot = samples.order(lines, note=WORD, number="PO-" + "9" * 60, payment_terms=WORD, incoterm=WORD)
    with opened(await printed("purchase-order", snapshot)) as pdf:
        for page in pdf:
            outside = [word for word in page.get_text("words") if word[0] < 30 or word[2] > page.rect.width - 30]
            assert outside == []


async def test_base_quantities_discounts_and_other_tax_categories_are_spelled_out():
    lines = [
        samples.line(1, unit_price="123.4567", base_quantity="100", unit="KGM", price_unit="KGM", discount="2.5"),
        samples.line(2, tax_category="AE", tax_rate="0"),
        samples.line(3, free_of_charge=True, unit_price="0", net="0.00"),
    ]
    reverse = {"category": "AE", "rate": "0", "base": "89.40", "tax": "0.00"}
    snapshot = samples.order(lines)
    snapshot["totals"]["breakdown"].insert(0, reverse)
    with opened(await printed("purchase-order", snapshot)) as pdf:
        text = words(pdf[0])
    said = [
        "123.4567",
        "per 100 kg",
        "−2.5 %",
        "0 % (AE)",
        "free of charge",
        "Reverse charge (AE): Tax 0 % on 89.40 EUR",
    ]
    assert [part for part in said if part not in text] == []


async def test_a_document_for_a_chinese_supplier_is_chinese_and_every_font_is_embedded():
    line = samples.line(1, description="六角螺栓 M8 × 40，镀锌")
    with opened(await printed("purchase-order", samples.order([line], samples.CHINESE, currency="CNY"))) as pdf:
        text = words(pdf[0])
        fonts = [font for page in pdf for font in page.get_fonts()]
        language = pdf.xref_get_key(pdf.pdf_catalog(), "Lang")[1]
    said = [
        "采购订单",
        "宁波精工紧固件有限公司",
        "中国浙江省宁波市",
        "六角螺栓 M8 × 40，镀锌",
        "2026-11-21",
        "第 1 页，共 1 页",
    ]
    assert [part for part in said if part not in text] == []
    assert "\ufffd" not in text
    assert language == "zh-Hans"
    assert {font[1] for font in fonts} <= {"ttf", "otf", "cff"}
    assert all("Noto-Sans" in font[3] for font in fonts)


async def test_the_same_snapshot_gives_the_same_bytes_from_another_press_too():
    snapshot = samples.order([samples.line(n) for n in range(1, 30)], samples.CHINESE)
    first = await printed("purchase-order", snapshot)
    assert await printed("purchase-order", snapshot) == first
    pressroom.close()
    assert await printed("purchase-order", snapshot) == first


async def test_the_file_tells_its_title_author_and_date_and_can_be_read_aloud():
    with opened(await printed("invoice", samples.invoice([samples.line(1)]))) as pdf:
        told, catalogue = pdf.metadata, pdf.pdf_catalog()
        tagged = [pdf.xref_get_key(catalogue, name)[0] for name in ("StructTreeRoot", "MarkInfo", "Lang")]
        structure = b"".join(pdf.xref_object(xref).encode() for xref in range(1, pdf.xref_length()))
    assert (told["title"], told["author"]) == ("Invoice R/2026 0815", "Hansa Fasteners Ltd")
    assert told["creationDate"] == told["modDate"] == "D:20261202100000Z"
    assert "null" not in tagged
    assert b"/TH" in structure
    assert b"/Headers [ (" in structure  # each cell names the headers that it stands under


async def test_text_is_text_and_never_markup():
    nasty = "<img src=x onerror=alert(1)> {{ 7*7 }} <b>bold</b> &amp;"
    with opened(await printed("purchase-order", samples.order([samples.line(1, description=nasty)]))) as pdf:
        assert nasty in words(pdf[0])


@pytest.fixture
def canary() -> Iterator[Any]:
    """A server on loopback that notes who asks it for anything."""
    hits: list[str] = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hits.append(self.path)
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()

        def log_message(self, *_told: Any) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Noting)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", hits
    server.shutdown()
    server.server_close()
    thread.join()


async def test_the_press_fetches_nothing_and_the_log_says_what_was_asked_for(canary, tmp_path: Path):
    address, hits = canary
    secret = tmp_path / "secret.txt"
    secret.write_text("canary of the tests")
    wishes = (address, secret.as_uri(), str(secret), "data:image/svg+xml,<svg/>", "//127.0.0.1/x", "ftp://127.0.0.1/x")
    html = "".join(
        f'<link rel="stylesheet" href="{wish}/a"><link rel="attachment" href="{wish}"><img src="{wish}">'
        f'<object data="{wish}"></object><embed src="{wish}"><a rel="attachment" href="{wish}">x</a>'
        f'<style>@import url("{wish}/b"); @font-face {{ font-family: f; src: url("{wish}") }} p {{ font-family: f }}'
        f' b {{ background: url("{wish}"); content: url("{wish}") }}</style><p>text<b>b</b></p>'
        f'<svg><image href="{wish}"/><use href="{wish}#a"/></svg>'
        for wish in wishes
    )
    with capture_logs() as told:
        pdf = await pdf_of(Sheet(f"<base href='{address}'><body>{html}</body>", f"@import url('{address}/c');"))

    assert hits == []
    assert b"canary of the tests" not in pdf
    with opened(pdf) as document:
        assert document.embfile_count() == 0
        assert [image for page in document for image in page.get_images()] == []
    refused = {line["address"] for line in told if "did not get it" in line["event"]}
    assert {f"{address}/c", address, secret.as_uri()} <= {each.rstrip("/") for each in refused}


async def test_a_sheet_that_is_nested_too_deep_is_refused_and_the_next_one_is_set():
    deep = Sheet("<div>" * 3000 + "x" + "</div>" * 3000, "")
    with pytest.raises(Unprintable, match="too-deep"):
        await pdf_of(deep)
    assert (await pdf_of(Sheet("<p>x</p>", ""))).startswith(b"%PDF")


async def test_a_sheet_that_takes_too_long_is_stopped_and_the_next_one_is_set():
    slow = Sheet("<table>" + "<tr><td>x</td><td>y</td></tr>" * 20_000 + "</table>", "")
    with pytest.raises(Unprintable, match="too-slow"):
        await pdf_of(slow, seconds=1)
    assert (await pdf_of(Sheet("<p>x</p>", ""))).startswith(b"%PDF")


async def test_an_ordinary_page_past_its_processor_seconds_fails_alone():
    # Each level takes twice the time, and no memory.
    slow = Sheet("<div>" * 14 + "x" + "</div>" * 14, "div { display: flex }")
    assert bound_of(len(slow.html)) == SHORT
    with pytest.raises(Unprintable, match="too-slow"):
        await pdf_of(slow)
    assert (await pdf_of(Sheet("<p>x</p>", ""))).startswith(b"%PDF")


def test_memory_is_refused_past_the_bound_and_to_be_had_again_after_it():
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    with pytest.raises(MemoryError), within(Bound(60, used + (64 << 20))):
        bytearray(1 << 29)
    assert len(bytearray(1 << 29)) == 1 << 29


async def test_five_hundred_lines_keep_the_bounds_of_an_ordinary_page_time_after_time():
    lines = [samples.line(n, description=samples.LONG) for n in range(1, 501)]
    order = samples.order(lines)
    sheet = compose(TEMPLATES["purchase-order"], identity("purchase-order", ORDER_ID, order), order)
    assert bound_of(len(sheet.html)) == SHORT
    assert len({hashlib.sha256(await pdf_of(sheet)).digest() for _time in range(2)}) == 1


async def test_a_press_that_set_a_long_page_makes_way_for_a_fresh_one():
    long = Sheet("<p>" + "word " * 60_001 + "</p>", "")
    pressroom.close()
    await pdf_of(long)
    before = {press.pid for press in pressroom._running}
    await pdf_of(Sheet("<p>x</p>", ""))
    assert {press.pid for press in pressroom._running}.isdisjoint(before)


async def test_a_press_has_a_bound_on_memory_and_knows_no_secret(monkeypatch):
    monkeypatch.setenv("PORTAL_SECRET_KEYS", "a key that no press may know, 32 letters")
    pressroom.close()
    await pdf_of(Sheet("<p>x</p>", ""))
    for press in pressroom._running:
        folder = Path(f"/proc/{press._process.pid}")
        limits = next(each for each in (folder / "limits").read_text().splitlines() if "address space" in each)
        assert str(2 * 1024**3) in limits
        assert b"PORTAL_" not in (folder / "environ").read_bytes()
