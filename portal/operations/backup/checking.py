"""Checking a backup from its first byte to its last, without a database and without unpacking anything."""

import hmac
import zlib
from collections.abc import Callable
from typing import Final

from portal.operations.backup import files
from portal.operations.backup.archive import Reading
from portal.operations.backup.places import Source
from portal.operations.backup.shape import (
    CONTENTS,
    FILES,
    FORMAT,
    HEADER,
    PURPOSE,
    TABLES,
    BadBackup,
    Contents,
    Header,
    Seal,
    Told,
    read,
)
from portal.operations.backup.snapshot import GZIP, member
from portal.platform import vault

Report = Callable[[float, str], None]
AT_ONCE: Final = 1 << 20  # bytes unpacked at a time


async def check(source: Source, report: Report) -> Told:
    """What the backup says of itself, when all of it is so; raises BadBackup with the first thing that is not."""
    archive = Reading(source.name, source.pieces())
    reader = _Reader(archive, source, report)
    async for found in archive.members():
        await reader.member(found.name)
    seal = await archive.seal()
    header, contents = reader.compared()
    return Told(
        file=source.name,
        bytes=archive.read,
        sha256=seal.sha256,
        sealed_by=seal.key,
        genuine=genuine(source.name, seal),
        header=header,
        contents=contents,
    )


def genuine(name: str, seal: Seal) -> bool | None:
    """Whether a key of the ring sealed it; None if the key is none of this ring. Raises BadBackup for a forged mark."""
    for fingerprint, mark in zip(vault.fingerprints(), vault.marks(PURPOSE, bytes.fromhex(seal.sha256)), strict=True):
        if fingerprint == seal.key:
            if hmac.compare_digest(mark.hex(), seal.mark):
                return True
            raise BadBackup(f"{name} was changed by somebody who has not the key that it says it is sealed with.")
    return None


def readable(archive: Reading, data: bytes) -> Header:
    """The header, if this release knows such backups."""
    header = read(Header, data, HEADER)
    if header.format > FORMAT:
        raise BadBackup(f"{archive.name} was made by a newer portal ({header.release}): restore it with that one.")
    return header


class _Reader:
    """Takes the members in and counts what is in them."""

    def __init__(self, archive: Reading, source: Source, report: Report) -> None:
        self._archive, self._source, self._report = archive, source, report
        self._header: Header | None = None
        self._told: Contents | None = None
        self._seen = Contents()
        self._numbers: dict[str, int] = {}

    async def member(self, name: str) -> None:
        self._report(self._archive.read / max(self._source.size, 1), f"Checking {self._source.name}")
        if self._told is not None:
            raise self._bad("something comes after its contents")
        if name == HEADER and self._header is None:
            self._header = readable(self._archive, await self._archive.whole())
        elif name == CONTENTS:
            self._told = read(Contents, await self._archive.whole(), CONTENTS)
        elif name.startswith(TABLES):
            await self._table(name)
        elif name.startswith(FILES):
            size, sound = await files.checked(self._archive, name)
            self._seen.files, self._seen.bytes = self._seen.files + 1, self._seen.bytes + size
            if not sound:
                self._seen.damaged.append(name.removeprefix(FILES))
        else:
            raise self._bad(f"nobody knows what {name[:80]!r} is")

    async def _table(self, name: str) -> None:
        table = name.removeprefix(TABLES).partition("/")[0]
        number = self._numbers[table] = self._numbers.get(table, 0) + 1
        if name != member(table, number):
            raise self._bad(f"{name[:80]!r} is not where it belongs")
        rows = 0
        async for text in unpacked(self._archive):
            rows += text.count(b"\n")
        self._seen.rows[table] = self._seen.rows.get(table, 0) + rows

    def compared(self) -> tuple[Header, Contents]:
        """Header and contents, when they say what was seen."""
        header, told, seen = self._header, self._told, self._seen
        if header is None or told is None:
            raise self._bad("it does not say what is in it")
        if {each.name for each in header.tables} != set(told.rows) or told.rows != seen.rows:
            raise self._bad("it holds other rows than it says")
        if (told.files, told.bytes, sorted(told.damaged)) != (seen.files, seen.bytes, sorted(seen.damaged)):
            raise self._bad("it holds other files than it says")
        return header, told

    def _bad(self, what: str) -> BadBackup:
        return BadBackup(f"{self._source.name} is damaged: {what}.")


async def unpacked(archive: Reading):
    """The text of one piece of a table, a megabyte at a time, however much it unpacks to."""
    press = zlib.decompressobj(wbits=GZIP)
    try:
        async for data in archive.pieces():
            while data:
                if press.eof:
                    raise zlib.error("something follows")
                yield press.decompress(data, AT_ONCE)
                data = press.unconsumed_tail or press.unused_data
        while not press.eof and (more := press.decompress(b"", AT_ONCE)):
            yield more
        if not press.eof:
            raise zlib.error("it ends too early")
    except zlib.error as error:
        raise BadBackup(f"{archive.name} is damaged: rows cannot be unpacked ({error}).") from error
