"""Making a batch, a turn at a time: document by document as whoever asked would open them, then the zip.

What is done is noted with each document, so whoever goes on after a crash goes on there. A turn is short, so that
batches keep nobody's mail waiting; its end and the next one's job are one transaction, and a job that comes back to
an earlier turn finds that it is over.
"""

import time
from typing import Any, Final, NamedTuple
from uuid import UUID

from portal.access.queries import colleagues
from portal.documents import commands as documents
from portal.documents.troubles import told
from portal.operations.batches import queries
from portal.operations.batches.chosen import with_rights
from portal.operations.batches.commands.packing import pack, shelf
from portal.operations.batches.events import BatchBegun, BatchFailed
from portal.operations.batches.forms import Part
from portal.operations.batches.rules import TURN
from portal.operations.batches.states import BATCH, UNDER_WAY
from portal.operations.batches.tables import Batch
from portal.platform.actor import Actor
from portal.platform.context import context_sql
from portal.platform.database import SafeTransaction, engine
from portal.platform.i18n import _, use_language
from portal.platform.refusals import Away, Refusal
from portal.platform.wiring import Job
from portal.platform.work import changing, viewing
from portal.platform.work.queue import WAKE, insert_jobs

__all__ = ["MAKE", "fail", "make", "shelf"]
MAKE: Final = "batches.make"
_NOTED: Final = """
update batch_document set document_id = $3, sha256 = $4, problem = $5, done_at = clock_timestamp()
where batch_id = $1 and position = $2 and done_at is null
"""
_NEXT: Final = """
update batch_turn set turn = turn + 1, at = clock_timestamp() where batch_id = $1 and turn = $2 returning turn
"""


class Outcome(NamedTuple):
    """What became of one document: its file, or why there is none."""

    document_id: UUID | None
    sha256: str | None
    problem: str


async def make(actor: Actor, batch_id: UUID, turn: int) -> None:
    """One turn, safe to run twice; a failure says why. The last one packs the zip. Raises `Away` to be tried again."""
    batch = await _begun(actor, batch_id)
    if batch is None or not await _is_turn(actor, batch_id, turn):
        return
    try:
        finished = await _turn(actor, batch)
        if finished:
            await pack(actor, batch, await _asker(actor, batch))
    except Away:
        raise
    except Refusal as refusal:
        await fail(actor, batch_id, str(refusal.message))
        return
    if not finished:
        await _hand_over(actor, batch_id, turn)


async def _begun(actor: Actor, batch_id: UUID) -> Batch | None:
    """The batch, begun; None of one that is over."""
    async with changing(actor, Batch, batch_id) as (change, batch):
        if batch.state not in UNDER_WAY:
            return None
        if batch.state == "asked":
            BATCH.take("begin", batch, change)
            change.write(batch)
            change.record(BatchBegun(batch_id), batch, root_id=batch_id)
    return batch


async def _is_turn(actor: Actor, batch_id: UUID, turn: int) -> bool:
    async with viewing(actor) as view:
        return await view.value("select turn from batch_turn where batch_id = $1", batch_id) == turn


async def _turn(actor: Actor, batch: Batch) -> bool:
    """Documents until the turn is over; whether none is left. What whoever asked may do is asked before each."""
    until = time.monotonic() + TURN
    async with viewing(actor) as view:
        waiting = await queries.left(view, batch.id)
    for number, part in enumerate(waiting):
        if number and time.monotonic() > until:
            return False
        await _note(actor, batch.id, part, await _made(await _asker(actor, batch), batch.kind, part))
    return True


async def _asker(actor: Actor, batch: Batch) -> Actor:
    """Whoever asked, as they may act now. Raises `Refusal` if they may not have it any more, or do not want it."""
    async with viewing(actor) as view:
        state = await view.value("select state from batch where id = $1", batch.id)
        found = await colleagues(view, batch.asked_by)
    if state not in UNDER_WAY:
        raise Refusal(_("It is not wanted any more."))
    if not found:
        raise Refusal(_("Whoever asked for it does not act for the organisation any more."))
    use_language(found[0].language)
    return with_rights(found[0], batch.kind, batch.rights)


async def _made(reader: Actor, kind: str, part: Part) -> Outcome:
    """A document fails alone: the others are none the worse for it."""
    try:
        document = await documents.made(reader, kind, part.record_id)
    except Refusal as refusal:
        if refusal.status >= 500:
            raise
        return Outcome(None, None, str(refusal.message))
    if document.state != "ready":
        return Outcome(document.id, None, str(told(document.error) or _("This document could not be made.")))
    return Outcome(document.id, document.sha256, "")


async def _note(actor: Actor, batch_id: UUID, part: Part, outcome: Outcome) -> None:
    async with SafeTransaction(engine(), _opening(actor)) as transaction:
        await transaction.connection.execute(_NOTED, batch_id, part.position, *outcome)


async def _hand_over(actor: Actor, batch_id: UUID, turn: int) -> None:
    """The next turn, unless it has begun: the turn's end and the job of the next one are one transaction."""
    following = Job(MAKE, actor.organisation_id, {"batch_id": batch_id, "turn": turn + 1})
    async with SafeTransaction(engine(), _opening(actor)) as transaction:
        if await transaction.connection.fetchval(_NEXT, batch_id, turn) is not None:
            for piece in (insert_jobs([following], actor.request.id), WAKE):
                await transaction.connection.execute(piece.sql, *piece.values)


def _opening(actor: Actor) -> Any:
    return f"BEGIN; {context_sql(actor.organisation_id, actor.person_id)}"


async def fail(actor: Actor, batch_id: UUID, reason: str) -> None:
    """It ends here; one that was cancelled stays as it is."""
    async with changing(actor, Batch, batch_id) as (change, batch):
        if batch.state in UNDER_WAY:
            BATCH.take("fail", batch, change)
            batch.problem = reason
            change.write(batch)
            change.record(BatchFailed(batch_id, reason), batch, root_id=batch_id)
