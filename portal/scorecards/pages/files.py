"""Files of scores, as they are sent: in pieces, so that none is held in memory."""

from collections.abc import Iterator
from typing import BinaryIO, Final

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 1 << 16


def chunks(book: BinaryIO) -> Iterator[bytes]:
    with book:
        while chunk := book.read(CHUNK):
            yield chunk
