"""The press: a process of its own that sets HTML into PDF and can do nothing else.

`python -m portal.documents.press` reads sheets from standard input and writes PDFs to standard output, each as a
MessagePack message behind its length. It knows no database and no secret, reads no file and no address that a sheet
names, and has a bound on memory; who feeds it bounds the time. The same sheet gives the same bytes: fonts are ours,
dates come with it.
"""

import resource
import struct
import sys
from typing import IO, Any

import msgspec

MEMORY = 2 * 1024**3  # bytes of address space; 2,000 lines take a quarter of it
MOST_HTML = 20_000_000  # characters
_LENGTH = struct.Struct(">Q")


class Sheet(msgspec.Struct, frozen=True):
    """What is set: a whole HTML page and its style sheet."""

    html: str
    css: str


class Proof(msgspec.Struct, frozen=True):
    """What came of it: the PDF, or why there is none; and the addresses that the page asked for in vain."""

    pdf: bytes = b""
    error: str = ""
    refused: list[str] = []


def write(stream: IO[bytes], message: msgspec.Struct) -> None:
    body = msgspec.msgpack.encode(message)
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


def read(stream: IO[bytes], kind: type[Any]) -> Any:
    """The next message; raises EOFError when the other side is gone."""
    head = stream.read(_LENGTH.size)
    body = stream.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else b""
    if not body:
        raise EOFError
    return msgspec.msgpack.decode(body, type=kind)


def main() -> None:
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, target = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a library prints must not get among the messages
    set_pdf = _prepared()
    while True:
        try:
            write(target, set_pdf(read(source, Sheet)))
        except (EOFError, BrokenPipeError):
            return


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
            pdf = page.write_pdf(font_config=fonts, stylesheets=[styles[sheet.css]], pdf_variant="pdf/ua-1")
            return Proof(pdf or b"", refused=fetcher.refused)
        except (RecursionError, MemoryError) as error:
            return Proof(error=type(error).__name__, refused=fetcher.refused)

    return set_pdf


if __name__ == "__main__":
    main()
