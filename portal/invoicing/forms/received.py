"""The file that an invoice was made of, as both sides read it."""

from datetime import datetime
from decimal import Decimal

import msgspec


class Content(msgspec.Struct):
    """A file byte by byte."""

    name: str
    media_type: str
    content: bytes


class FileDifference(msgspec.Struct):
    """A business term of EN 16931 (BT a term, BG a group) of which the file says one thing and the invoice another;
    `why` where the invoice cannot say what the file does."""

    term: str
    name: str
    file: str
    invoice: str
    why: str | None = None


class LeftOutOut(msgspec.Struct):
    """What the file says and the portal has no place for."""

    path: str
    text: str


class ReceivedLine(msgspec.Struct):
    """One line of the file, or several that are one line (`line`) of the invoice. `why` says why there is none; without
    a reason its line was taken out of the draft."""

    ids: list[str]
    name: str
    quantity: Decimal
    unit: str
    net: Decimal
    line: int | None
    why: str | None
    differences: list[FileDifference]


class ReceivedOut(msgspec.Struct):
    """A received e-invoice beside the invoice that was made of it. `readable`: you may have the file itself; one that
    names a bank account takes the right to read full numbers of accounts."""

    name: str
    media_type: str
    syntax: str
    size: int
    sha256: str
    received_at: datetime
    readable: bool
    differences: list[FileDifference]
    lines: list[ReceivedLine]
    left_out: list[LeftOutOut]
