"""The trail of a change: which rows it wrote, before and after, and the audit entries that say so.

An entry's leaf is SHA-256 over a random salt and the canonical bytes of all that the entry says, so that a leaf tells
nothing and proves everything; its mark says that a process with the key ring wrote it. Who reads an entry reads of a
row in it what they may read of the row itself: fields that only a row's owner may read, and all of a row where the
entry has a reader whom the row has not, go to a side entry of that owner, whichever event was recorded first; the
shared one commits to its hash. What is personal, in rows or in the event itself, is sealed with the key of the person
it is about.
"""

import dataclasses
import hashlib
import os
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from uuid import UUID

from portal.platform import vault
from portal.platform.actor import Actor
from portal.platform.canonical import canonical, commit
from portal.platform.ids import new_id
from portal.platform.marking import mark
from portal.platform.work.rows import Asked, Row, owner_of, person_of, reader_of, readers_of, split_private

# The columns of an entry and of an owner's side of it, and their kinds.
ENTRY: Final = MappingProxyType(
    {
        "id": "uuid",
        "at": "timestamptz",
        "organisation_id": "uuid",
        "actor_id": "uuid",
        "actor_kind": "text",
        "owner_id": "uuid",
        "shown_to": "uuid",
        "event": "text",
        "subject_kind": "text",
        "subject_id": "uuid",
        "subject": "text",
        "root_id": "uuid",
        "request_id": "text",
        "body": "json",
        "salt": "bytea",
        "leaf": "bytea",
        "mark": "bytea",
    }
)
SIDE: Final = MappingProxyType({"entry_id": "uuid", "owner_id": "uuid", "salt": "bytea", "body": "json"})


class RowChange(NamedTuple):
    """One row before and after; `before` None is an insert, `after` None a deletion."""

    row: Row
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class Recorded(NamedTuple):
    """An event together with the row it is about, and the root it belongs to (the order of a receipt)."""

    event: Any
    about: Row | Asked
    root_id: UUID | None


class Trail:
    """Collects row changes and turns recorded events into audit entries; the first event carries the rows."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.rows: list[RowChange] = []
        self.events: list[Recorded] = []
        self.keys: dict[UUID, bytes] = {}

    def people(self) -> set[UUID]:
        """Whose keys the entries need."""
        of_rows = {person_of(change.row) for change in self.rows if type(change.row).personal}
        of_events = {_subject_of(recorded) for recorded in self.events if _personal(recorded.event)}
        return {person for person in of_rows | of_events if person is not None}

    def entries(self, at: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The audit entries of this change and their private sides, ready to insert."""
        shared, private = [], []
        for number, recorded in enumerate(self.events):
            entry, secrets = self._entry(recorded, at, self.rows if number == 0 else [])
            shared.append(entry)
            private.extend(secrets)
        return shared, private

    def _entry(self, recorded: Recorded, at: Any, rows: list[RowChange]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        event, about, root_id = recorded
        entry = {
            "id": new_id(),
            "at": at,
            "organisation_id": self.actor.organisation_id,
            "actor_id": self.actor.answerable,
            "actor_kind": "person" if self.actor.person_id else "system",
            "owner_id": owner_of(about, self.actor),
            "shown_to": reader_of(about),
            "event": event.code,
            "subject_kind": type(about).subject_kind,
            "subject_id": about.id,
            "subject": str(getattr(about, "number", None) or getattr(about, "name", None) or ""),
            "root_id": None if isinstance(about, Asked) else root_id or about.id,
            "request_id": self.actor.request.id,
        }
        visible, hidden = self._sides(rows, readers_of(about, self.actor))
        said = self._sealed(dataclasses.asdict(event), _personal(event), _subject_of(recorded))
        body: dict[str, Any] = {"data": said, "rows": visible} | _manner(self.actor)
        secrets = [_secret(entry["id"], owner_id, values) for owner_id, values in hidden.items()]
        if secrets:
            body["private"] = {str(secret["owner_id"]): private_hash(**secret) for secret in secrets}
        salt = os.urandom(16)
        leaf = commit(salt, canonical(entry | {"body": body}))
        return entry | {"body": canonical(body).decode(), "salt": salt, "leaf": leaf, "mark": mark(leaf)}, secrets

    def _sides(
        self, rows: list[RowChange], readers: frozenset[UUID]
    ) -> tuple[list[dict[str, Any]], dict[UUID, list[dict[str, Any]]]]:
        """What everybody who reads the entry sees of the rows, and what each row's owner alone does."""
        visible: list[dict[str, Any]] = []
        hidden: dict[UUID, list[dict[str, Any]]] = {}
        for change in rows:
            before, private_before = self._split(change.row, change.before)
            after, private_after = self._split(change.row, change.after)
            name = {"table": type(change.row).table_name(), "id": change.row.id}
            if readers <= readers_of(change.row, self.actor):
                visible.append(name | {"before": before, "after": after})
            else:
                private_before, private_after = (before or {}) | private_before, (after or {}) | private_after
            if private_before or private_after:
                own = hidden.setdefault(owner_of(change.row, self.actor), [])
                own.append(name | {"before": private_before, "after": private_after})
        return visible, hidden

    def _split(self, row: Row, values: dict[str, Any] | None) -> tuple[dict[str, Any] | None, dict[str, Any]]:
        if values is None:
            return None, {}
        return split_private(type(row), self._sealed(values, type(row).personal, person_of(row)))

    def _sealed(self, values: dict[str, Any], personal: frozenset[str], person: UUID | None) -> dict[str, Any]:
        """The values with those that are personal readable only while their person's key exists."""
        if not personal or person is None:
            return values
        return {
            name: vault.seal(person, self.keys[person], value) if name in personal and value else value
            for name, value in values.items()
        }


def private_hash(*, salt: bytes, body: str, **_other: Any) -> str:
    """What a shared entry says of a private side: enough to prove it, nothing of what it holds."""
    return hashlib.sha256(salt + body.encode()).hexdigest()


def _manner(actor: Actor) -> dict[str, Any]:
    """How somebody acted, where that is out of the ordinary: with roles of an emergency, or looking as a colleague."""
    found: dict[str, Any] = {}
    if actor.emergency is not None:
        found["emergency"] = str(actor.emergency.id)
    if actor.seen_by is not None:
        found |= {"as": str(actor.person_id), "looking": str(actor.seen_by.looking)}
    return {"manner": found} if found else {}


def _secret(entry_id: UUID, owner_id: UUID, values: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "entry_id": entry_id,
        "owner_id": owner_id,
        "salt": os.urandom(16),
        "body": canonical(values).decode(),
    }


def _personal(event: Any) -> frozenset[str]:
    """The fields of an event that are somebody's own: it names them in `personal`, beside its `code`."""
    return getattr(type(event), "personal", frozenset())


def _subject_of(recorded: Recorded) -> UUID | None:
    """The person whom an event's personal fields are about."""
    return getattr(recorded.event, "person_id", None) or person_of(recorded.about)
