"""Exceptions from what a supplier's standing brings to its orders."""

from uuid import UUID

from portal.organisations.events import ExceptionEnded, ExceptionGranted
from portal.organisations.forms import OverrideForm
from portal.organisations.queries import terms
from portal.organisations.tables import StandingOverride, TradingRelationship
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, Invalid, NotFound
from portal.platform.work import Change, changing

LONGEST = 366  # days that an exception may last: a standing that never counts is a rule, and rules are set elsewhere


async def override_standing(actor: Actor, supplier_id: UUID, form: OverrideForm) -> StandingOverride:
    """Let orders go to a supplier in spite of its standing, until the end of a day; the exception before this one ends.

    Orders warn of the standing all the same, and say until when and why they go through.
    """
    async with changing(actor) as change:
        change.require("suppliers:override")
        agreed = await terms(change, actor.organisation_id, supplier_id)
        if agreed is None:
            raise NotFound()
        await change.row(TradingRelationship, agreed.relationship_id)
        left = form.until.toordinal() - local_date(change.now, agreed.buyer.time_zone).toordinal()
        if not 0 <= left <= LONGEST:
            said = _("An exception ends today at the earliest, and within {most} days.", most=LONGEST)
            raise Invalid.field("until", said)
        await _end_present(change, supplier_id)
        override = change.add(
            StandingOverride(
                id=new_id(),
                buyer_id=actor.organisation_id,
                supplier_id=supplier_id,
                supplier_name=agreed.supplier.name,
                reason=form.reason,
                until=form.until,
                created_by=actor.person_id,
                created_at=change.now,
            )
        )
        change.record(ExceptionGranted(override.id, supplier_id, form.until, form.reason), override)
    return override


async def end_override(actor: Actor, override_id: UUID, reason: str = "") -> StandingOverride:
    """Let a supplier's standing count again before its exception runs out."""
    async with changing(actor, StandingOverride, override_id) as (change, override):
        change.require("suppliers:override", override)
        if override.ended_at is not None:
            raise Conflict(_("This exception has ended already."), subject_id=override.supplier_id)
        override.ended_at, override.ended_by, override.end_reason = change.now, actor.person_id, reason
        change.write(override)
        change.record(ExceptionEnded(override.id, override.supplier_id, reason), override)
    return override


async def _end_present(change: Change, supplier_id: UUID) -> None:
    """Another exception takes the place of the present one; the two are written one after the other."""
    condition = "buyer_id = $1 and supplier_id = $2 and ended_at is null"
    for present in await change.rows(StandingOverride, condition, change.actor.organisation_id, supplier_id):
        sql = "update standing_override set ended_at = $2, ended_by = $3, version = version + 1 where id = $1"
        await change.fetch(sql, present.id, change.now, change.actor.person_id)
        change.record(ExceptionEnded(present.id, supplier_id, ""), present)
