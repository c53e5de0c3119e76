"""An entry as its reader may see it: what both sides share, their own private side, and personal fields unsealed.

Nothing here asks the database. An entry commits to its private sides by their hash, so that whoever reads one can prove
it, and whoever cannot learns nothing of what it holds.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec

from portal.audit.forms import RowChangeOut
from portal.platform import vault
from portal.platform.canonical import canonical, commit
from portal.platform.i18n import _
from portal.platform.work.trail import private_hash

_COMMITTED = (
    "id", "at", "organisation_id", "actor_id", "actor_kind", "owner_id", "shown_to", "event", "subject_kind",
    "subject_id", "subject", "root_id", "request_id",
)  # fmt: skip
_SIDES = ("before", "after")
# By person; None for a key that the ring no longer opens, absent for one that was destroyed.
Keys = Mapping[str, bytes | None]


class Sides:
    """One entry with the private side of its reader's organisation, if that has one."""

    def __init__(self, record: Any, private: Any, reader_id: UUID) -> None:
        self.record = record
        self.private = private
        self.body: dict[str, Any] = msgspec.json.decode(record["body"])
        self.rows: list[dict[str, Any]] = [] if private is None else msgspec.json.decode(private["body"])
        self._promised = _promise(self.body.get("private"), record["owner_id"], reader_id)

    @property
    def intact(self) -> bool:
        """Whether the leaf still commits to what the entry says, and the entry to what its reader's side says."""
        said = {name: self.record[name] for name in _COMMITTED} | {"body": self.body}
        if commit(self.record["salt"], canonical(said)) != self.record["leaf"]:
            return False
        return self._promised == (None if self.private is None else private_hash(**dict(self.private)))

    @property
    def emergency(self) -> UUID | None:
        """The record by which the actor held more roles at that time."""
        return self._manner("emergency")

    @property
    def seen_as(self) -> UUID | None:
        """As whom the actor looked at the portal."""
        return self._manner("as")

    def _manner(self, name: str) -> UUID | None:
        said = self.body.get("manner", {}).get(name)
        return UUID(said) if said else None

    def people(self) -> set[str]:
        """Whose keys open what is sealed here."""
        return {value["person"] for values in self._all_values() for value in values.values() if _is_sealed(value)}

    def data(self, keys: Keys) -> dict[str, Any]:
        return _opened(self.body["data"], keys)

    def changes(self, keys: Keys) -> list[RowChangeOut]:
        """Each row before and after; fields that only this organisation reads are among them, and named."""
        own = {(row["table"], row["id"]): row for row in self.rows}
        shared = [_change(row, own.pop((row["table"], row["id"]), {}), keys) for row in self.body["rows"]]
        return shared + [_change(row | dict.fromkeys(_SIDES), row, keys) for row in own.values()]

    def _all_values(self) -> Iterator[dict[str, Any]]:
        yield self.body["data"]
        for row in [*self.body["rows"], *self.rows]:
            yield from (row[side] for side in _SIDES if row[side])


def _change(row: dict[str, Any], own: dict[str, Any], keys: Keys) -> RowChangeOut:
    told: dict[str, Any] = {"table": row["table"], "id": row["id"]}
    for side in _SIDES:
        values = (row[side] or {}) | (own.get(side) or {})
        told[side] = _opened(values, keys) if values or row[side] is not None else None
    internal = sorted({name for side in _SIDES for name in own.get(side) or ()})
    return RowChangeOut(**told, internal=internal)


def _promise(said: Any, owner_id: UUID, reader_id: UUID) -> str | None:
    """The hash by which an entry commits to the reader's side; the first entries said only their owner's."""
    if isinstance(said, dict):
        return said.get(str(reader_id))
    return said if reader_id == owner_id else None


def _opened(values: dict[str, Any], keys: Keys) -> dict[str, Any]:
    return {name: _open(value, keys) for name, value in values.items()}


def _is_sealed(value: Any) -> bool:
    return isinstance(value, dict) and "sealed" in value


def _open(value: Any, keys: Keys) -> Any:
    if not _is_sealed(value):
        return value
    key = keys.get(value["person"], b"")
    if key is None:
        return str(_("(unreadable)"))
    try:
        return vault.unseal(value, key) if key else str(_("(erased)"))
    except vault.KeyLost:
        return str(_("(erased)"))
