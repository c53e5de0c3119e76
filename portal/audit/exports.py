"""Entries as a file: what a search found, whole, with each entry's place and leaf in the sealed log.

A line of it is no proof by itself; it names the entry and its leaf, so that a proof or an evidence bundle can be held
against it. The last line of the JSON says how many entries there were, with a hash over all leaves in their order.
"""

import hashlib
from collections.abc import AsyncIterator
from typing import Any, Final

import msgspec

from portal.audit import queries
from portal.audit.forms import EntryOut
from portal.audit.words import sentence
from portal.platform.actor import Actor
from portal.platform.csv_file import MARK, csv_line
from portal.platform.work import View, viewing

AT_ONCE: Final = 200
MOST: Final = 100_000
_HEADS: Final = (
    *("position", "at", "event", "what", "actor", "organisation", "kind", "subject"),
    *("subject_id", "request_id", "entry_id", "leaf", "reason", "fields"),
)
_SEALS: Final = "select entry_id, position, encode(leaf, 'hex') as leaf from audit_seal where entry_id = any($1)"


async def as_csv(actor: Actor, chosen: queries.EntryFilter) -> AsyncIterator[str]:
    """A line an entry, newest first; `fields` names what changed."""
    yield MARK + csv_line(_HEADS)
    async for entry, position, leaf in _found(actor, chosen):
        who = (entry.actor.name, entry.actor.organisation)
        about = (entry.subject_kind, entry.subject, str(entry.subject_id), entry.request_id, str(entry.id), leaf)
        said = (entry.at.isoformat(), entry.event, str(sentence(entry.event)))
        yield csv_line((position, *said, *who, *about, entry.data.get("reason") or "", " ".join(_fields(entry))))


async def as_json(actor: Actor, chosen: queries.EntryFilter) -> AsyncIterator[str]:
    """One object a line: what was asked, each entry, and the control figures over all of them."""
    asked = {name: value for name, value in msgspec.structs.asdict(chosen).items() if value not in (None, True)}
    yield _line({"format": "portal.audit.entries.v1", "organisation": actor.organisation_name, "query": asked})
    count, leaves = 0, hashlib.sha256()
    async for entry, position, leaf in _found(actor, chosen):
        count += 1
        leaves.update(bytes.fromhex(leaf))
        yield _line({"position": position, "leaf": leaf, "entry": entry})
    yield _line({"count": count, "leaves_sha256": leaves.hexdigest()})


async def _found(actor: Actor, chosen: queries.EntryFilter) -> AsyncIterator[tuple[EntryOut, int | str, str]]:
    cursor, given = None, 0
    async with viewing(actor, report=True) as view:
        while given < MOST:
            page = await queries.entries(view, chosen, cursor=cursor, limit=AT_ONCE)
            seals = await _seals(view, page.items)
            for entry in page.items:
                position, leaf = seals.get(entry.id, ("", ""))
                yield entry, position, leaf
            given, cursor = given + len(page.items), page.next_cursor
            if cursor is None:
                return


async def _seals(view: View, entries: list[EntryOut]) -> dict[Any, tuple[int, str]]:
    rows = await view.fetch(_SEALS, [entry.id for entry in entries])
    return {row["entry_id"]: (row["position"], row["leaf"]) for row in rows}


def _fields(entry: EntryOut) -> list[str]:
    names = {name for row in entry.changes for side in (row.before, row.after) for name in side or ()}
    return sorted(names)


def _line(said: Any) -> str:
    return msgspec.json.encode(said).decode() + "\n"
