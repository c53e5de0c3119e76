"""The press: a process of its own that sets HTML into PDF and can do nothing else.

`python -m portal.documents.press` reads sheets from standard input and writes PDFs to standard output, each as a
MessagePack message behind its length. It knows no database and no secret, reads no file and no address that a sheet
names, and has a bound on memory; who feeds it bounds the time. The same sheet gives the same bytes: fonts are ours,
dates come with it.
"""

from typing import Any

import msgspec

from portal.documents.hybrid import Attached, attachment, said_of
from portal.platform.bounded import answer_all

MEMORY = 2 * 1024**3  # bytes of address space; 2,000 lines take a quarter of it
MOST_HTML = 20_000_000  # characters


class Sheet(msgspec.Struct, frozen=True):
    """What is set: a whole HTML page and its style sheet, and the XML that goes inside, if any."""

    html: str
    css: str
    attached: Attached | None = None


class Proof(msgspec.Struct, frozen=True):
    """What came of it: the PDF, or why there is none; and the addresses that the page asked for in vain."""

    pdf: bytes = b""
    error: str = ""
    refused: list[str] = []


def main() -> None:
    answer_all(Sheet, _prepared, MEMORY)


def _prepared() -> Any:
    """The setter, with what is slow to load loaded once."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    class Refusing(URLFetcher):
        """Fetches nothing: no file, no address, no inline data."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=(), allow_redirects=False)
            self.refused: list[str] = []

        def fetch(self, url: str, headers: Any = None) -> Any:
            self.refused.append(url[:200])
            raise PermissionError(f"a document fetches nothing: {url[:200]}")

    fonts = FontConfiguration()
    styles: dict[str, Any] = {}

    def set_pdf(sheet: Sheet) -> Proof:
        fetcher = Refusing()
        if len(sheet.html) > MOST_HTML:
            return Proof(error="too long")
        try:
            if sheet.css not in styles:
                styles[sheet.css] = CSS(string=sheet.css, font_config=fonts, url_fetcher=fetcher)
            page = HTML(string=sheet.html, url_fetcher=fetcher, base_url="about:blank")
            said = {"font_config": fonts, "stylesheets": [styles[sheet.css]]}
            if sheet.attached is None:
                pdf = page.write_pdf(**said, pdf_variant="pdf/ua-1")
            else:
                inside = [attachment(sheet.attached)]
                pdf = said_of(page.write_pdf(**said, pdf_variant="pdf/a-3a", attachments=inside) or b"")
            return Proof(pdf or b"", refused=fetcher.refused)
        except (RecursionError, MemoryError) as error:
            return Proof(error=type(error).__name__, refused=fetcher.refused)

    return set_pdf


if __name__ == "__main__":
    main()
