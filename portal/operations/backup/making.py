"""Making a backup beside a running portal: one moment of the database, then the files that its rows name.

Files lie under their hash and never change, so those that the rows of that moment name are the same later; the copy of
rows is taken first because a row is written when its file is there.
"""

import importlib.metadata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec

from portal.operations.backup import files, snapshot
from portal.operations.backup.archive import Writing
from portal.operations.backup.places import Sink
from portal.operations.backup.shape import CONTENTS, FORMAT, HEADER, Contents, Header, Kept, Told
from portal.platform import vault

Report = Callable[[float, str], None]


async def make(owner_url: str, name: str, sink: Sink, note: dict[str, str], report: Report) -> Told:
    """Write a backup into `sink`: whole, or nothing at all."""
    try:
        told = await _write(owner_url, name, sink, note, report)
        await sink.finish()
    except BaseException:
        await sink.drop()
        raise
    return told


async def _write(owner_url: str, name: str, sink: Sink, note: dict[str, str], report: Report) -> Told:
    async with snapshot.frozen(owner_url) as connection:
        found = await snapshot.tables(connection)
        kept = [Kept(row["name"], list(row["columns"])) for row in found]
        header = _header(kept, await snapshot.facts(connection), note)
        archive, contents = Writing(sink, header.made_at), Contents()
        await archive.add(HEADER, msgspec.json.encode(header))
        far = _Far(report, sum(row["bytes"] for row in found) + await files.total(connection))
        for table, row in zip(kept, found, strict=True):
            with far.part(f"Table {table.name}", row["bytes"]) as copied:
                await snapshot.copy_out(connection, table, archive, contents, copied)
        with far.part("Documents", far.left) as copied:
            await files.copy_out(connection, archive, contents, copied)
        contents.sequences = await snapshot.sequences(connection)
    contents.missing = await _really_missing(owner_url, contents.missing)
    await archive.add(CONTENTS, msgspec.json.encode(contents))
    seal = await archive.seal()
    return Told(
        file=name,
        bytes=archive.written,
        sha256=seal.sha256,
        sealed_by=seal.key,
        genuine=True,
        header=header,
        contents=contents,
    )


def _header(kept: list[Kept], found: dict[str, Any], note: dict[str, str]) -> Header:
    return Header(
        format=FORMAT,
        release=importlib.metadata.version("procurement-portal"),
        made_at=datetime.now(UTC).replace(microsecond=0),
        tables=kept,
        keys=vault.fingerprints(),
        note=note,
        **found,
    )


async def _really_missing(owner_url: str, paths: list[str]) -> list[str]:
    if not paths:
        return []
    connection = await asyncpg.connect(owner_url)
    try:
        await connection.execute("set role portal_backup")
        return await files.still_named(connection, paths)
    finally:
        await connection.close()


class _Far:
    """How far it is, by bytes; a part counts no more than was expected of it."""

    def __init__(self, report: Report, total: int) -> None:
        self._report, self._total, self._done, self._here, self._most = report, max(total, 1), 0, 0, 0
        self._what = ""

    @property
    def left(self) -> int:
        return self._total - self._done

    def part(self, what: str, most: int) -> "_Far":
        self._what, self._here, self._most = what, 0, most
        return self

    def __enter__(self) -> Callable[[int], None]:
        self._tell()
        return self._add

    def __exit__(self, *_: object) -> None:
        self._done, self._here, self._most = self._done + self._most, 0, 0
        self._tell()

    def _add(self, size: int) -> None:
        self._here += size
        self._tell()

    def _tell(self) -> None:
        self._report((self._done + min(self._here, self._most)) / self._total, self._what)
