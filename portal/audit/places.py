"""Where requests went: the log keeps their addresses, and people read the names of records.

An address names records by their ids. What each is called is asked for once for all entries of a page; one of a list
goes by the menu. The address itself is told without ids beside it, and whole where an entry is looked at alone.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from portal.access.queries import names, organisation_names
from portal.access.words import named as permission_named
from portal.audit.forms import EntryOut
from portal.audit.kinds import TABLES
from portal.audit.words import sentence
from portal.platform.i18n import Message, _
from portal.platform.wiring import MENU, SUBJECTS
from portal.platform.work import View

REQUEST: Final = "request"
REFUSED: Final = "access.refused"
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PROGRAMS: Final = "/api/"
_RECORDS: Final = """
select distinct on (subject_id) subject_id as id, subject_kind, subject from audit_entry
where subject_id = any($1::uuid[]) and subject_kind <> 'request' order by subject_id, subject = '', id desc
"""
_ENTRIES: Final = "select id, event from audit_entry where id = any($1::uuid[])"


class Place(NamedTuple):
    """A record, or a page of many; `href` is blank where the address is no page, or not known any more."""

    what: str
    href: str
    address: str


def shortened(address: str) -> str:
    """An address as people read it: an id tells them nothing."""
    return _ID.sub("…", address)


async def places(view: View, entries: Iterable[EntryOut]) -> dict[UUID, Place]:
    """By entry where its request went; entries about anything else are left out."""
    requests = [entry for entry in entries if _is_request(entry)]
    asked = {entry.id: str(entry.data.get("path") or entry.subject) for entry in requests}
    named = await _named(view, {UUID(each) for address in asked.values() for each in _ID.findall(address)})
    return {entry.id: _wanted(entry, _place(asked[entry.id], named)) for entry in requests}


def _wanted(entry: EntryOut, place: Place) -> Place:
    """What was refused, in words: an address of the programs' side tells people nothing. Entries of before say at least
    which permission was missing."""
    permission = str(entry.data.get("wanted") or entry.data.get("permission") or "")
    if entry.event != REFUSED or not permission:
        return place
    act = str(permission_named(permission))
    of = place.what if place.what != place.address else ""
    return place._replace(what=" · ".join(filter(None, (act[:1].upper() + act[1:], of))))


def _is_request(entry: EntryOut) -> bool:
    return entry.subject_kind == REQUEST


def _place(address: str, named: Mapping[str, str]) -> Place:
    """By the record that the address names last, else by the page of the menu that it begins with."""
    told = next((named[each] for each in reversed(_ID.findall(address)) if each in named), "")
    is_page = address.startswith("/") and not address.startswith(_PROGRAMS) and "{" not in address
    return Place(told or _of_menu(address) or shortened(address), address if is_page else "", shortened(address))


def _of_menu(address: str) -> str:
    fitting = [
        entry for entry in MENU if address == entry.href or address.startswith((f"{entry.href}/", f"{entry.href}."))
    ]
    if address == "/":
        return str(_("Home"))
    return str(max(fitting, key=lambda entry: len(entry.href)).title) if fitting else ""


async def _named(view: View, ids: set[UUID]) -> dict[str, str]:
    """What records, people, organisations and entries of the log are called, as far as the reader may know."""
    if not ids:
        return {}
    wanted = sorted(ids)
    records: Sequence[Any] = await view.fetch(_RECORDS, wanted)
    kinds = {row["id"]: _kind(row["subject_kind"]) for row in records}
    found = {row["id"]: f"{kinds[row['id']]} {row['subject']}".strip() for row in records if row["subject"]}
    left = [each for each in wanted if each not in found]
    firms = await organisation_names(view, left)
    people = {key: name for key, (name, _of) in (await names(view, left)).items()} if left else {}
    told: Sequence[Any] = await view.fetch(_ENTRIES, left) if left else []
    entries = {row["id"]: str(_("Entry: {what}", what=sentence(row["event"]))) for row in told}
    return {str(key): name for key, name in (kinds | entries | firms | people | found).items()}


def _kind(kind: str) -> str:
    title: Message | None = SUBJECTS[kind].title if kind in SUBJECTS else TABLES.get(kind.replace("-", "_"))
    return str(title) if title else ""
