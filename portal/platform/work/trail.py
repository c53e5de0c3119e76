"""The trail of a change: which rows it wrote, before and after, and the audit entries that say so.

An entry's leaf is SHA-256 over a random salt and the canonical bytes of all that the entry says, so that a leaf tells
nothing and proves everything. Who reads an entry reads of a row in it what they may read of the row itself: its private
columns, and the whole of it where the entry has a reader whom the row has not, go to a side entry of the row's owner.
The shared entry commits to the hash of each side.
"""

import dataclasses
import hashlib
import os
from typing import Any, NamedTuple
from uuid import UUID

from portal.platform import vault
from portal.platform.actor import Actor
from portal.platform.canonical import canonical, commit
from portal.platform.ids import new_id
from portal.platform.work.rows import Row, owner_of, reader_of, readers_of, split_private

Sides = dict[UUID, list[dict[str, Any]]]


class RowChange(NamedTuple):
    """One row before and after; `before` None is an insert, `after` None a deletion."""

    row_type: type[Row]
    id: Any
    owner: UUID
    readers: frozenset[UUID]
    person_id: UUID | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class Recorded(NamedTuple):
    """An event together with the row it is about, and the root it belongs to (the order of a receipt)."""

    event: Any
    about: Row
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
        return {change.person_id for change in self.rows if change.row_type.personal and change.person_id}

    def entries(self, at: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The audit entries of this change and their private sides, ready to insert."""
        shared, private = [], []
        for number, recorded in enumerate(self.events):
            entry, sides = self._entry(recorded, at, self.rows if number == 0 else [])
            shared.append(entry)
            private.extend(sides)
        return shared, private

    def _entry(self, recorded: Recorded, at: Any, rows: list[RowChange]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        event, about, root_id = recorded
        entry = {
            "id": new_id(),
            "at": at,
            "organisation_id": self.actor.organisation_id,
            "actor_id": self.actor.person_id,
            "actor_kind": "person" if self.actor.person_id else "system",
            "owner_id": owner_of(about, self.actor),
            "shown_to": reader_of(about),
            "event": event.code,
            "subject_kind": type(about).subject_kind,
            "subject_id": about.id,
            "subject": str(getattr(about, "number", None) or getattr(about, "name", None) or ""),
            "root_id": root_id or about.id,
            "request_id": self.actor.request.id,
        }
        visible, hidden = self._sides(rows, readers_of(about, self.actor))
        sides = [_sealed(entry["id"], owner, said) for owner, said in sorted(hidden.items())]
        body: dict[str, Any] = {"data": dataclasses.asdict(event), "rows": visible}
        if sides:
            body["private"] = {str(side["owner_id"]): _hash(side) for side in sides}
        salt = os.urandom(16)
        leaf = commit(salt, canonical(entry | {"body": body}))
        return entry | {"body": canonical(body).decode(), "salt": salt, "leaf": leaf}, sides

    def _sides(self, rows: list[RowChange], readers: frozenset[UUID]) -> tuple[list[dict[str, Any]], Sides]:
        """What all the entry's readers may know of the rows, and what only each row's owner may."""
        visible, hidden = [], Sides()
        for change in rows:
            before, private_before = self._split(change, change.before)
            after, private_after = self._split(change, change.after)
            name = {"table": change.row_type.table_name(), "id": change.id}
            if readers <= change.readers:
                visible.append(name | {"before": before, "after": after})
            else:
                private_before, private_after = (before or {}) | private_before, (after or {}) | private_after
            if private_before or private_after:
                secret = name | {"before": private_before, "after": private_after}
                hidden.setdefault(change.owner, []).append(secret)
        return visible, hidden

    def _split(self, change: RowChange, values: dict[str, Any] | None) -> tuple[dict[str, Any] | None, dict[str, Any]]:
        if values is None:
            return None, {}
        personal = change.row_type.personal
        if personal and change.person_id:
            key = self.keys[change.person_id]
            values = {
                column: vault.seal(change.person_id, key, value) if column in personal and value is not None else value
                for column, value in values.items()
            }
        return split_private(change.row_type, values)


def _sealed(entry_id: UUID, owner: UUID, said: list[dict[str, Any]]) -> dict[str, Any]:
    """One owner's side of an entry, ready to insert."""
    return {"entry_id": entry_id, "owner_id": owner, "salt": os.urandom(16), "body": canonical(said).decode()}


def _hash(side: dict[str, Any]) -> str:
    return hashlib.sha256(side["salt"] + side["body"].encode()).hexdigest()
