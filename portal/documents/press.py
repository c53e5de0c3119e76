"""The press: a process of its own that sets HTML into PDF and can do nothing else.

`python -m portal.documents.press` reads sheets from standard input and writes PDFs to standard output, each as a
MessagePack message behind its length. It knows no database and no secret, reads no file and no address that a sheet
names, and has bounds on memory and processor seconds; who feeds it bounds the time on the clock. The same sheet gives
the same bytes: fonts are ours, dates come with it.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from portal.documents.bounds import MOST, bound_of, within
from portal.documents.glyphs import boxes, coverage, lacking
from portal.documents.hybrid import Attached, attachment, said_of
from portal.documents.tools import tools
from portal.platform.bounded import answer_all

MOST_HTML = 20_000_000  # characters
TOO_LONG, TOO_DEEP, TOO_BIG, MISSING = "too-long", "too-deep", "too-big", "missing-glyph"
REASONS = {RecursionError: TOO_DEEP, MemoryError: TOO_BIG}


class Sheet(msgspec.Struct, frozen=True):
    """What is set: a whole HTML page and its style sheet; the XML that goes inside, if any; and the pictures (PNG) that
    the page names, by their addresses: nothing else is to be had. What is `archival`, or has XML inside, is PDF/A."""

    html: str
    css: str
    attached: Attached | None = None
    pictures: dict[str, bytes] = {}
    archival: bool = False


class Proof(msgspec.Struct, frozen=True):
    """What came of it: the PDF and the `tools` that it was made with, or why there is none (`lacking` are characters
    that no font has); and the addresses that the page asked for in vain."""

    pdf: bytes = b""
    error: str = ""
    lacking: str = ""
    refused: list[str] = []
    tools: dict[str, str] = {}


def main() -> None:
    answer_all(Sheet, _prepared, MOST)


def _prepared() -> Callable[[Any], Proof]:
    """The setter, with what is slow to load loaded once."""
    written, has, used = _writer(), coverage(), tools()

    def set_pdf(sheet: Sheet) -> Proof:
        if len(sheet.html) > MOST_HTML:
            return Proof(error=TOO_LONG)
        if missing := lacking(sheet.html, has):
            return Proof(error=MISSING, lacking=missing)
        refused: list[str] = []
        try:
            with within(bound_of(len(sheet.html))), boxes() as drawn:
                pdf = written(sheet, refused)
        except (RecursionError, MemoryError) as error:
            return Proof(error=REASONS[type(error)], refused=refused)
        if drawn:
            return Proof(error=MISSING, lacking="".join(sorted(set(drawn))), refused=refused)
        return Proof(pdf, refused=refused, tools=used)

    return set_pdf


def _writer() -> Callable[[Sheet, list[str]], bytes]:
    """WeasyPrint with our fonts. What a page asks for in vain is noted in the list."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Refusing(URLFetcher):
        """Fetches nothing: no file, no address, no inline data. What came with the sheet is there already."""

        def __init__(self, brought: Mapping[str, bytes], refused: list[str]) -> None:
            super().__init__(allowed_protocols=(), allow_redirects=False)
            self.brought, self.refused = brought, refused

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url in self.brought:
                return URLFetcherResponse(url, self.brought[url], {"Content-Type": "image/png"})
            self.refused.append(url[:200])
            raise PermissionError(f"a document fetches nothing: {url[:200]}")

    fonts, styles = FontConfiguration(), dict[str, Any]()

    def written(sheet: Sheet, refused: list[str]) -> bytes:
        fetcher = Refusing(sheet.pictures, refused)
        if sheet.css not in styles:
            styles[sheet.css] = CSS(string=sheet.css, font_config=fonts, url_fetcher=fetcher)
        page = HTML(string=sheet.html, url_fetcher=fetcher, base_url="about:blank")
        said = {"font_config": fonts, "stylesheets": [styles[sheet.css]]}
        if sheet.attached is None and not sheet.archival:
            return page.write_pdf(**said, pdf_variant="pdf/ua-1") or b""
        inside = [attachment(sheet.attached)] if sheet.attached else []
        made = page.write_pdf(**said, pdf_variant="pdf/a-3a", attachments=inside) or b""
        return said_of(made, hybrid=sheet.attached is not None)

    return written


if __name__ == "__main__":
    main()
