"""Files on their way out: the one way in which lists, workbooks and documents are answered.

Names that are not plain are told twice (RFC 6266), for old clients and whole in UTF-8. Lists are sent while they are
read, so a long one takes no memory; whatever may refuse them refuses before the first byte. Cells that a spreadsheet
would run as formulas are text (`portal.platform.csv_file`, `portal.platform.workbook`).
"""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Sequence
from typing import Any, BinaryIO, Final
from urllib.parse import quote

from litestar import Response
from litestar.response import Stream

from portal.platform.csv_file import MARK, csv_line

CSV: Final = "text/csv"  # the charset is added as the answer is sent
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHUNK: Final = 65_536


def named(name: str, *, attached: bool = True) -> dict[str, str]:
    """The header that names the file; one that is not `attached` opens in the browser."""
    plain = "".join(c for c in name if c.isascii() and c.isprintable() and c not in '"\\') or "file"
    kind = "attachment" if attached else "inline"
    whole_name = "" if plain == name else f"; filename*=UTF-8''{quote(name)}"
    return {"content-disposition": f'{kind}; filename="{plain}"{whole_name}'}


def csv_file(name: str, titles: Iterable[Any], rows: AsyncIterable[Iterable[Any]]) -> Stream:
    """A list as any spreadsheet reads it, with its titles in the reader's language."""
    return Stream(_lines(list(titles), rows), media_type=CSV, headers=named(name))


def xlsx_file(name: str, book: BinaryIO) -> Stream:
    """A workbook that was written to a temporary file, which is gone once it is sent."""
    return Stream(_parts(book), media_type=XLSX, headers=named(name))


def streamed(name: str, chunks: AsyncIterable[Any], media_type: str) -> Stream:
    """A file that lies elsewhere, passed on as it comes."""
    return Stream(_passed_on(chunks), media_type=media_type, headers=named(name))


def whole(name: str, content: Any, media_type: str) -> Response[Any]:
    """A small file that is there altogether."""
    return Response(content, media_type=media_type, headers=named(name))


async def _lines(titles: Sequence[Any], rows: AsyncIterable[Iterable[Any]]) -> AsyncIterator[str]:
    yield MARK + csv_line(titles)
    async for row in rows:
        yield csv_line(row)


async def _passed_on(chunks: AsyncIterable[Any]) -> AsyncIterator[bytes]:
    async for chunk in chunks:
        yield bytes(chunk)


def _parts(book: BinaryIO) -> Iterator[bytes]:
    with book:
        while chunk := book.read(_CHUNK):
            yield chunk
