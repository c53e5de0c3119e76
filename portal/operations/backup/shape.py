"""What a backup says of itself: its first member, its last but one, and the seal over all that comes before."""

from datetime import datetime
from typing import Final, TypeVar

import msgspec

FORMAT: Final = 1
HEADER: Final = "portal-backup.json"
CONTENTS: Final = "contents.json"
SEAL: Final = "seal.json"
TABLES: Final = "tables/"
FILES: Final = "files/"
PURPOSE: Final = "backup"  # what the mark in the seal is made for
LONGEST: Final = 256 << 20  # bytes of a member that is read as a whole
S = TypeVar("S")


class BadBackup(Exception):
    """The file cannot be taken for a whole backup of a portal; the message is a sentence for a person."""


class Kept(msgspec.Struct, frozen=True):
    """A table, by `schema.name`, and the columns of its rows in their order."""

    name: str
    columns: list[str]


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What is known before the first row is read. `keys` are fingerprints of the ring, newest first; `months` the
    partitions of the log; `note` is what the command line wants to know again."""

    format: int
    release: str
    made_at: datetime
    server: str
    migrations: list[str]
    tables: list[Kept]
    months: list[str]
    keys: list[str]
    note: dict[str, str]


class Contents(msgspec.Struct, kw_only=True):
    """What was put in: rows by table, the last value of each sequence, stored files. `missing` are files that rows
    name and the store has not; `damaged` those whose bytes are not what their name says, which are not restored."""

    rows: dict[str, int] = {}
    sequences: dict[str, int] = {}
    files: int = 0
    bytes: int = 0
    missing: list[str] = []
    damaged: list[str] = []

    @property
    def complete(self) -> bool:
        return not self.missing and not self.damaged


class Seal(msgspec.Struct, frozen=True):
    """SHA-256 of every byte before this member, marked with the newest key of the ring, which `key` fingerprints."""

    sha256: str
    key: str
    mark: str


class Told(msgspec.Struct, kw_only=True):
    """What is told of a backup that was made or checked. `genuine`: sealed by a key of the ring that is here; None
    where none of them is the key."""

    file: str
    bytes: int
    sha256: str
    sealed_by: str
    genuine: bool | None
    header: Header
    contents: Contents

    def facts(self) -> dict[str, object]:
        said = self.contents
        return {
            "file": self.file,
            "bytes": self.bytes,
            "sha256": self.sha256,
            "made_at": self.header.made_at.isoformat(),
            "release": self.header.release,
            "tables": len(said.rows),
            "rows": sum(said.rows.values()),
            "documents": said.files,
            "document_bytes": said.bytes,
            "missing": said.missing,
            "damaged": said.damaged,
            "complete": said.complete,
            "keys": self.header.keys,
            "sealed_by": self.sealed_by,
            "genuine": self.genuine,
        }


def read(kind: type[S], data: bytes, name: str) -> S:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadBackup(f"The backup is damaged: its {name} cannot be read ({error}).") from error
