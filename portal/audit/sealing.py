"""The sealer: appends what was committed to the Merkle log, in an order of its own, and signs where it ends.

Every entry waits in `audit_unsealed` from its own transaction on, so a transaction that commits late is simply found
later, and none is skipped. Positions are given here, by one sealer at a time (it holds an advisory lock to the end of
its transaction); the writers of entries never meet it.
"""

from datetime import UTC
from typing import Any, NamedTuple

import asyncpg
import structlog

from portal.audit.checkpoints import Checkpoint, NoCheckpoint, Signer, is_signed, signers
from portal.audit.handing import Handover, vouches
from portal.audit.merkle import Frontier, Node
from portal.platform import marking

log = structlog.get_logger("sealer")
MOST = 10_000  # entries under one checkpoint


class Tampered(Exception):
    """The log does not end as its last checkpoint says: the sealer does not build on it."""


class Sealed(NamedTuple):
    """One batch: its checkpoint, signed, and how many entries it appended."""

    checkpoint: Checkpoint
    note: str
    entries: int


async def seal(connection: asyncpg.Connection, most: int = MOST, newest: str = "") -> Sealed | None:
    """Append the entries that wait, at most `most`; None if none does. `newest` is the last note that was kept outside
    the database. Raises `Tampered`."""
    async with connection.transaction():
        last: Any = await connection.fetchrow("select * from portal.last_checkpoint()")
        require_signed(last)
        _require_grown(last, newest)
        await _hand_over(connection, last)
        waiting = _written(last, await connection.fetch("select * from portal.unsealed($1)", most))
        if not waiting:
            return None
        frontier, signer = _end_of(last), signers()[0]
        nodes, marks = _appended(frontier, waiting, signer)
        checkpoint = Checkpoint(last["origin"], frontier.size, frontier.root(), last["now"].astimezone(UTC))
        note = signer.note(checkpoint)
        await connection.execute(
            "select portal.seal($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            last["size"],
            [row["entry_id"] for row in waiting],
            marks,
            [node.level for node in nodes],
            [node.place for node in nodes],
            [node.hash for node in nodes],
            *(checkpoint.root, checkpoint.at, b"".join(frontier.peaks), signer.public, note),
        )
    return Sealed(checkpoint, note, len(waiting))


async def seal_all(connection: asyncpg.Connection, newest: str = "") -> Sealed | None:
    """Seal until nothing waits; gives the last batch."""
    latest = None
    while sealed := await seal(connection, newest=latest.note if latest else newest):
        latest = sealed
    return latest


async def hand_over(connection: asyncpg.Connection) -> None:
    """The ring's newest key vouches for the one that signed last, so that that one may go. Raises `Tampered`."""
    async with connection.transaction():
        last: Any = await connection.fetchrow("select * from portal.last_checkpoint()")
        require_signed(last)
        await _hand_over(connection, last)


def require_signed(last: Any) -> None:
    """Where the log ends is what its note says, and a key of the ring signed that, or vouches for the one that did."""
    if not last["size"]:
        return
    try:
        signed = Checkpoint.of(last["note"])
    except NoCheckpoint:
        raise Tampered("The last checkpoint's note cannot be read.") from None
    if signed[:3] != (last["origin"], last["size"], last["root"]):
        raise Tampered("The last checkpoint does not say what its note says.")
    publics = {signer.public for signer in signers()}
    if last["public_key"] in publics and is_signed(last["note"], last["public_key"]):
        return
    handed = vouches(last["handover"], publics, last["origin"])
    if handed is None or handed != Handover(signed, last["public_key"]):
        raise Tampered(
            "The last checkpoint is not signed by a key of this ring. Is the ring new? Put the old key behind it again."
        )


def _require_grown(last: Any, newest: str) -> None:
    """The log holds at least what the note kept outside says."""
    if not newest:
        return
    try:
        kept = Checkpoint.of(newest)
    except NoCheckpoint:
        raise Tampered("The checkpoint in the data folder cannot be read.") from None
    same = kept.origin == last["origin"]
    if not same or kept.size > last["size"] or (kept.size == last["size"] and kept.root != last["root"]):
        raise Tampered(
            "The log ends before the newest checkpoint in the data folder, or is another: if the database was put back "
            "to an older state on purpose, run 'portal audit set-aside'."
        )


async def _hand_over(connection: asyncpg.Connection, last: Any) -> None:
    newest = signers()[0]
    if last["size"] and last["handover"] is None and last["public_key"] != newest.public:
        note = Handover(Checkpoint.of(last["note"]), last["public_key"]).note(newest)
        await connection.execute("select portal.hand_over($1, $2, $3)", last["public_key"], last["size"], note)


def _written(last: Any, waiting: list[Any]) -> list[Any]:
    """Those that a process of the portal wrote: whatever carries no mark of the ring's keys came past it, and waits on
    for whoever checks the log. Before the first marked entry none had a mark."""
    _require_own(last)
    ring, began = marking.keys(), last["mark"] is not None
    taken, foreign = [], []
    for row in waiting:
        own = marking.is_marked(row["leaf"], row["mark"], ring)
        began = began or own
        (taken if own or (not began and row["mark"] is None) else foreign).append(row)
    if foreign:
        first = str(foreign[0]["entry_id"])
        log.critical("entries came into the log past the portal and are not sealed", entries=len(foreign), first=first)
    return taken


def _require_own(last: Any) -> None:
    """The last seal fits the last entry, so that nobody took the writer's mark away; unless its key was retired."""
    if last["public_key"] in {signer.public for signer in signers()}:
        sealed = (last["size"] - 1, last["entry_id"].bytes if last["entry_id"] else b"", last["leaf"] or b"")
        if not any(signer.marked(*sealed, last["mark"]) == last["seal"] for signer in signers()):
            raise Tampered("The last seal does not fit its entry.")


def _end_of(last: Any) -> Frontier:
    peaks = last["peaks"]
    try:
        frontier = Frontier(last["size"], [peaks[start : start + 32] for start in range(0, len(peaks), 32)])
    except AssertionError:
        raise Tampered("The last checkpoint's subtrees do not fit its size.") from None
    if last["size"] and frontier.root() != last["root"]:
        raise Tampered("The last checkpoint's subtrees do not have its root.")
    return frontier


def _appended(frontier: Frontier, waiting: list[Any], signer: Signer) -> tuple[list[Node], list[bytes]]:
    nodes: list[Node] = []
    marks: list[bytes] = []
    for entry_id, leaf, written in waiting:
        marks.append(signer.marked(frontier.size, entry_id.bytes, leaf, written))
        nodes.extend(frontier.append(leaf))
    return nodes, marks
