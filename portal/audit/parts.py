"""Parts of a record that have no number of their own: the log tells which record they are of."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from portal.audit.forms import EntryOut
from portal.audit.queries import record_names
from portal.platform.work import View

# By the kind of the part: the kind of the record, and the field of the event that names it.
_OF: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({"match-exception": ("invoice", "invoice_id")})


class Whole(NamedTuple):
    """The record that an entry's subject is a part of; `name` is blank where the reader knows none."""

    kind: str
    id: UUID
    name: str


async def wholes(view: View, entries: Iterable[EntryOut]) -> dict[UUID, Whole]:
    """By entry the record that its part is of; entries about anything else are left out."""
    found = {
        entry.id: (kind, UUID(entry.data[field]))
        for entry in entries
        for kind, field in filter(None, [_OF.get(entry.subject_kind)])
        if entry.data.get(field)
    }
    called = await record_names(view, sorted({record_id for _kind, record_id in found.values()}))
    return {entry: Whole(kind, key, called.get(key, "")) for entry, (kind, key) in found.items()}
