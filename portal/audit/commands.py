"""Keeping and letting go: legal holds, certificates of disposal, erasing a person, and a log that was put back."""

import hashlib
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from portal.access.queries import forget_person
from portal.audit import erasures
from portal.audit.attesting import Attested as Attested
from portal.audit.attesting import attest as attest
from portal.audit.checkpoints import Checkpoint
from portal.audit.events import HoldPlaced, HoldReleased, LogPutBack, PersonErased, RecordsDisposed
from portal.audit.forms import HoldForm
from portal.audit.rules import rules_digest
from portal.audit.states import HOLD
from portal.audit.tables import Disposal, LegalHold
from portal.platform.actor import Actor
from portal.platform.canonical import canonical
from portal.platform.gate import gate
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, Invalid, NotFound
from portal.platform.work import Change, changing
from portal.platform.work.rows import Asked


async def place_hold(actor: Actor, form: HoldForm) -> LegalHold:
    """Keep what the form names from being deleted, from this moment on."""
    if form.from_day and form.until_day and form.from_day > form.until_day:
        raise Invalid.field("until_day", _("The period ends before it begins."))
    if not (form.object_id or form.party_id or form.from_day or form.until_day):
        raise Invalid.field("object_id", _("Say what to hold: a record, a party or a period."))
    async with changing(actor) as change:
        change.require("retention:hold")
        hold = LegalHold(
            id=new_id(),
            organisation_id=actor.organisation_id,
            number=await change.number("LH"),
            state="placed",
            object_id=form.object_id,
            party_id=form.party_id,
            from_day=form.from_day,
            until_day=form.until_day,
            reason=form.reason,
            placed_by=actor.person_id,
            placed_at=change.now,
        )
        change.add(hold)
        change.record(HoldPlaced(hold.id, form.reason), hold)
    return hold


async def release_hold(actor: Actor, hold_id: UUID, reason: str) -> LegalHold:
    async with changing(actor, LegalHold, hold_id) as (change, hold):
        HOLD.take("release", hold, change)
        hold.released_by, hold.released_at, hold.release_reason = actor.person_id, change.now, reason
        change.write(hold)
        change.record(HoldReleased(hold.id, reason), hold)
    return hold


async def certify(
    change: Change, disposal_id: UUID, country: str, as_of: date, lines: Sequence[Sequence[str]]
) -> Disposal:
    """The certificate over what this change destroys: its lines are (kind, record, number, revision, SHA-256)."""
    change.require("retention:dispose")
    digest = hashlib.sha256(canonical([list(line) for line in lines])).hexdigest()
    certificate = Disposal(
        id=disposal_id,
        organisation_id=change.actor.organisation_id,
        number=await change.number("DC"),
        jurisdiction=country,
        rules=rules_digest(),
        as_of=as_of,
        items=len(lines),
        digest=digest,
        disposed_by=change.actor.person_id,
        disposed_at=change.now,
    )
    change.add(certificate)
    change.record(RecordsDisposed(disposal_id, len(lines), digest), certificate)
    return certificate


_NOT_ERASED = {
    "member": _("They are a member still: end their memberships first."),
    "held": _("A legal hold keeps what is known about them. It must be released first."),
}


async def erase_person(actor: Actor, person_id: UUID, reason: str) -> None:
    """Destroy the key of a person's fields in the log and what the portal knows of them, for ever; proofs still verify.

    The operator alone may, for somebody who works for nobody here any more and whom no hold keeps.
    """
    async with changing(actor) as change:
        change.require("retention:erase")
        outcome = await change.value("select portal.erase_person($1, $2)", person_id, reason)
        if outcome == "unknown":
            raise NotFound()
        if outcome in _NOT_ERASED:
            raise Conflict(_NOT_ERASED[outcome])
        change.record(PersonErased(person_id, reason), Asked(person_id, ""))
    erasures.remember(person_id)
    forget_person(person_id)


async def note_put_back(signed: Checkpoint, reason: str) -> None:
    """Tell every organisation's log that the database was put back, and how far it had been signed before."""
    async with gate() as connection:
        rows = await connection.fetch("select portal.organisation_ids() as id")
    event = LogPutBack(signed.size, signed.at, signed.root.hex(), reason)
    for row in rows:
        async with changing(Actor.system(row["id"])) as change:
            change.record(event, Asked(row["id"], ""))
