"""What a document is of, as pure functions of the record's snapshot: whose it is, in which language, since when.

A snapshot is plain data: `header` (or the record's own word for it), `lines`, `totals` where money is due, and the two
parties `buyer` and `supplier` with their language and time zone, all frozen when the record left its author's hands.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from portal.platform.canonical import canonical
from portal.platform.i18n import LANGUAGES, Message, _

Snapshot = Mapping[str, Any]
HEADERS = ("header", "contract", "order", "advice", "despatch_advice", "invoice", "credit_note", "entry", "debit_note")
REQUIRED_TIME = 5  # minutes after which a document that is still pending may be asked for again
MOST_ATTEMPTS = 3
NO_ROOM = "no room"  # why a document waits: the disk or the store that it goes to is full
LEFT_OVER = timedelta(minutes=10)  # so old is a request that its own job no longer looks after
BATCH = 100  # so many are asked for once more in one transaction


class Face(NamedTuple):
    """How a kind of record looks as a document: its title, who wrote it, and the instants that date it, first known."""

    title: Message
    author: str
    dated: tuple[str, ...]

    @property
    def recipient(self) -> str:
        return "supplier" if self.author == "buyer" else "buyer"


FACES: dict[str, Face] = {
    "contract": Face(_("Contract"), "buyer", ("revised_at", "created_at")),
    "purchase-order": Face(_("Purchase order"), "buyer", ("issued_at", "created_at")),
    "despatch-advice": Face(_("Despatch advice"), "supplier", ("despatched_at", "created_at")),
    "service-entry": Face(_("Service entry"), "supplier", ("submitted_at", "created_at")),
    "invoice": Face(_("Invoice"), "supplier", ("submitted_at", "created_at")),
    "credit-note": Face(_("Credit note"), "supplier", ("submitted_at", "created_at")),
    "debit-note": Face(_("Debit note"), "buyer", ("decided_at", "created_at")),
    "statement": Face(_("Statement"), "buyer", ("created_at",)),
    "scorecard": Face(_("Scorecard"), "buyer", ("created_at",)),
    "sample": Face(_("Sample"), "buyer", ("created_at",)),
}


class Identity(NamedTuple):
    """What makes a document this one: what it is of, in which revision and language, and what exactly it says."""

    subject_kind: str
    subject_id: UUID
    revision: int
    language: str
    source: str  # SHA-256 of the snapshot's canonical bytes, in hexadecimal digits


def header_of(snapshot: Snapshot) -> Mapping[str, Any]:
    return next(snapshot[name] for name in HEADERS if name in snapshot)


def identity(kind: str, subject_id: UUID, snapshot: Snapshot) -> Identity:
    """Its language is the recipient's: a document is written for whoever gets it."""
    language = snapshot[FACES[kind].recipient].get("language", "")
    return Identity(
        kind,
        subject_id,
        int(header_of(snapshot).get("revision") or 1),
        language if language in LANGUAGES else "en",
        hashlib.sha256(canonical(snapshot)).hexdigest(),
    )


def sides(kind: str, snapshot: Snapshot) -> tuple[UUID, UUID]:
    """(owner, reader): the author's organisation and the recipient's."""
    face = FACES[kind]
    return UUID(str(snapshot[face.author]["id"])), UUID(str(snapshot[face.recipient]["id"]))


def dated(kind: str, snapshot: Snapshot) -> datetime:
    """When the record left its author's hands: the document's date, and the only time its file knows."""
    header = header_of(snapshot)
    return instant(next(header[name] for name in FACES[kind].dated if header.get(name)))


def instant(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def file_name(number: str, revision: int) -> str:
    """What a reader's disk calls the file: the number, without what file systems refuse."""
    kept = (
        "".join(letter if letter.isalnum() or letter in "-_. " else "-" for letter in number).strip(" .") or "document"
    )
    return f"{kept[:120]}{f'-r{revision}' if revision > 1 else ''}.pdf"


def mark(name: str) -> str:
    """The letter that stands for an organisation where its logo would."""
    return next((letter.upper() for letter in name if letter.isalnum()), "•")
