"""Excusing facts: the supplier asks, the buyer decides; the raw figure stays beside the excused one."""

from uuid import UUID

import asyncpg

from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, NotFound
from portal.platform.work import Change, changing
from portal.scorecards.events import ExcuseAsked, ExcuseGranted, ExcuseRefused, ExcuseWithdrawn
from portal.scorecards.forms import ExcuseForm
from portal.scorecards.queries import excusable
from portal.scorecards.rules import PARTS
from portal.scorecards.states import EXCUSE, S
from portal.scorecards.tables import Excuse


async def excuse(actor: Actor, form: ExcuseForm) -> Excuse:
    """Excuse a fact, as its buyer; ask for that, as its supplier. It covers every criterion of the same part."""
    try:
        async with changing(actor) as change:
            change.require("excuses:ask")
            made = await _written(change, form)
            if made.state == S.GRANTED:
                change.require("excuses:decide", made)
                change.record(ExcuseGranted(made.id, made.supplier_id, made.code), made)
            else:
                change.record(ExcuseAsked(made.id, made.supplier_id, made.reason), made)
        return made
    except asyncpg.UniqueViolationError as error:
        if getattr(error, "constraint_name", "") != "score_excuse_open":
            raise
        raise Conflict(_("This is excused already, or somebody asked for it: look at its excuse.")) from error


async def grant(actor: Actor, excuse_id: UUID, reason: str = "") -> Excuse:
    """Excuse what the supplier asked for."""
    async with changing(actor, Excuse, excuse_id) as (change, row):
        _decide(change, row, "grant", reason)
        change.record(ExcuseGranted(row.id, row.supplier_id, row.code), row)
    return row


async def refuse(actor: Actor, excuse_id: UUID, reason: str = "") -> Excuse:
    """Let the fact count as it is, and say why: the supplier reads it."""
    async with changing(actor, Excuse, excuse_id) as (change, row):
        _decide(change, row, "refuse", reason)
        change.record(ExcuseRefused(row.id, row.supplier_id, reason), row)
    return row


async def withdraw(actor: Actor, excuse_id: UUID, reason: str = "") -> Excuse:
    """Let an excused fact count again."""
    async with changing(actor, Excuse, excuse_id) as (change, row):
        _decide(change, row, "withdraw", reason)
        change.record(ExcuseWithdrawn(row.id, row.supplier_id, reason), row)
    return row


def _decide(change: Change, row: Excuse, verb: str, reason: str) -> None:
    EXCUSE.take(verb, row, change)
    row.decided_by, row.decided_at, row.decision_reason = change.actor.person_id, change.now, reason
    change.write(row)


async def _written(change: Change, form: ExcuseForm) -> Excuse:
    fact = await excusable(change, form.criterion, form.fact_id)
    if fact is None:
        raise NotFound()
    decides = fact["buyer_id"] == change.actor.organisation_id
    about = {name: fact[name] for name in ("buyer_id", "supplier_id", "order_id", "order_number", "line", "counts_on")}
    return change.add(
        Excuse(
            id=new_id(),
            shown_to=fact["supplier_id"],
            buyer_name=fact["buyer_name"],
            supplier_name=fact["supplier_name"],
            description=fact["description"],
            part=PARTS[form.criterion],
            fact_id=form.fact_id,
            state=S.GRANTED if decides else S.ASKED,
            code=form.code,
            reason=form.reason,
            asked_by=None if decides else change.actor.person_id,
            created_by=change.actor.person_id,
            created_at=change.now,
            decided_by=change.actor.person_id if decides else None,
            decided_at=change.now if decides else None,
            **about,
        )
    )
