"""Asking for a batch, and not wanting it any more."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from portal.operations.batches.chosen import chosen, direction_of, require_kind, rights_of
from portal.operations.batches.commands.making import MAKE
from portal.operations.batches.events import BatchAsked, BatchCancelled
from portal.operations.batches.forms import BatchForm
from portal.operations.batches.rules import MOST_WAITING
from portal.operations.batches.states import BATCH, UNDER_WAY
from portal.operations.batches.tables import Batch
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, NotFound
from portal.platform.wiring import Job
from portal.platform.work import Change, changing, viewing

_PARTS: Final = """
insert into batch_document (batch_id, position, organisation_id, record_id, number, partner, dated)
select $1, row_number() over (), $2, * from unnest($3::uuid[], $4::text[], $5::text[], $6::date[])
"""
_TURN: Final = "insert into batch_turn (batch_id, organisation_id, turn, at) values ($1, $2, 0, $3)"
_WAITING: Final = "select count(*) from batch where organisation_id = $1 and asked_by = $2 and state = any($3)"


async def ask(actor: Actor, form: BatchForm) -> Batch:
    """Have the worker put documents together as one file. Which ones is decided now; what comes later is not in it.

    Raises `Invalid` if there is none or too many of them, `Conflict` if too many batches of theirs are under way.
    """
    require_kind(actor, form.kind)
    async with viewing(actor) as view:
        found = await chosen(view, form)
    async with changing(actor) as change:
        change.require("batches:make")
        number = await change.number("BA")  # its lock is what makes the next count exact
        if await change.value(_WAITING, actor.organisation_id, actor.person, UNDER_WAY) >= MOST_WAITING:
            raise Conflict(_("{most} batches of yours are under way. Wait for one, or cancel it.", most=MOST_WAITING))
        batch = _asked(change, form, number, found)
        change.record(BatchAsked(batch.id, batch.documents), batch, root_id=batch.id)
        change.later(Job(MAKE, actor.organisation_id, {"batch_id": batch.id, "turn": 0}))
    return batch


def _asked(change: Change, form: BatchForm, number: str, found: Sequence[Any]) -> Batch:
    actor = change.actor
    batch = change.add(
        Batch(
            id=new_id(),
            organisation_id=actor.organisation_id,
            number=number,
            kind=form.kind,
            month=form.month,
            direction=direction_of(actor, form),
            partner_id=form.partner_id,
            partner_name=found[0]["partner"] if form.partner_id else "",
            with_xml=form.with_xml and form.kind != "statement",
            documents=len(found),
            asked_by=actor.person,
            rights=rights_of(actor),
            asked_at=change.now,
        )
    )
    columns = ([row[name] for row in found] for name in ("id", "number", "partner", "dated"))
    change.afterwards(_PARTS, batch.id, batch.organisation_id, *columns)
    change.afterwards(_TURN, batch.id, batch.organisation_id, change.now)
    return batch


async def cancel(actor: Actor, batch_id: UUID) -> Batch:
    """Stop before the next document. What was made stays where it belongs, on its records' pages."""
    async with changing(actor, Batch, batch_id) as (change, batch):
        if batch.asked_by != actor.person:
            raise NotFound()
        BATCH.take("cancel", batch, change)
        change.write(batch)
        change.record(BatchCancelled(batch.id), batch, root_id=batch.id)
    return batch
