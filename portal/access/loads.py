"""Policies that processes loaded, as the database keeps them: each with a mark that needs the key ring, and told in the
sealed log.

Whoever writes to the database as the portal does can note a policy that was never loaded; its mark says that no process
of the portal did. Whoever owns it can take a load away, copy one or date it otherwise; the log says which there were.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from portal.access.events import LoadSaid
from portal.platform.canonical import canonical
from portal.platform.marking import is_marked, keys, mark

REMOVED, CHANGED, UNTOLD = "load-removed", "load-changed", "load-untold"
_TOLD_OF: Final = ("id", "at", "digest", "release", "rules", "added", "removed")


def mark_of(digest: str, release: str, rules: Sequence[str]) -> bytes:
    """By the newest key of the ring."""
    return mark(_leaf(digest, release, rules))


def is_genuine(row: Any) -> bool:
    """Whether a process of the portal noted it. What has no mark has none to show for it: not even a load of a release
    that made none passes, or taking marks away would make anything genuine."""
    return is_marked(_leaf(row["digest"], row["release"], row["rules"]), row["mark"], keys())


def said_of(row: Any) -> LoadSaid:
    """What the log says of a load: all of its row but the mark, which a turned ring makes anew."""
    digest = hashlib.sha256(canonical([row[name] for name in _TOLD_OF])).hexdigest()
    return LoadSaid(row["id"], row["at"], digest, is_genuine(row))


class Told(NamedTuple):
    """What one entry of the log says of one load; `position` is None while the entry waits for its seal."""

    load_id: UUID
    at: datetime
    sha256: str
    entry_id: UUID
    position: int | None


class Doubt(NamedTuple):
    """A load and the log that do not fit: it is gone, it says something else, or the log knows nothing of it."""

    kind: str
    load_id: UUID
    at: datetime
    entry_id: UUID | None = None


def told(entries: Iterable[Any]) -> dict[UUID, Told]:
    """By load what the log says of it. An entry that is not sealed counts if a process of the portal wrote it."""
    ring = keys()
    return {
        each.load_id: Told(each.load_id, each.at, each.sha256, row["entry_id"], row["position"])
        for row in entries
        if row["position"] is not None or is_marked(row["leaf"], row["mark"], ring)
        for each in _loads(row["loads"])
    }


def doubts(rows: Iterable[Any], said: Mapping[UUID, Told]) -> Iterator[Doubt]:
    """Where the loads that are there are not those that the log tells of. Before it told of any, nothing is said: the
    first process of this release tells of those that it finds."""
    if not said:
        return
    there = set[UUID]()
    for row in rows:
        there.add(row["id"])
        known = said.get(row["id"])
        if known is None:
            yield Doubt(UNTOLD, row["id"], row["at"])
        elif known.sha256 != said_of(row).sha256:
            yield Doubt(CHANGED, row["id"], known.at, known.entry_id)
    for gone in said.keys() - there:
        yield Doubt(REMOVED, gone, said[gone].at, said[gone].entry_id)


def _loads(given: Any) -> list[LoadSaid]:
    """From JSON as a driver gives it, read already or not."""
    plain = msgspec.json.decode(given) if isinstance(given, str | bytes) else given
    return msgspec.convert(plain, list[LoadSaid])


def _leaf(digest: str, release: str, rules: Sequence[str]) -> bytes:
    return hashlib.sha256(canonical([digest, release, list(rules)])).digest()
