"""Ends of a signing before every place is signed: one side declines, or who opened it takes it back."""

from uuid import UUID

from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Invalid, NotFound
from portal.platform.work import Change, changing
from portal.signatures.events import SigningDeclined, SigningWithdrawn
from portal.signatures.states import SIGNING
from portal.signatures.tables import Signing


async def decline(actor: Actor, signing_id: UUID, reason: str = "") -> Signing:
    """Say that one's side does not sign; nobody signs any more, and both sides read why."""
    async with changing(actor, Signing, signing_id) as (change, signing):
        _end(change, signing, "decline", reason)
        change.record(SigningDeclined(signing.id, reason), signing)
    return signing


async def withdraw(actor: Actor, signing_id: UUID, reason: str = "") -> Signing:
    """Take back what one's company asked to be signed; signatures that were made stay in the files."""
    async with changing(actor, Signing, signing_id) as (change, signing):
        if signing.buyer_id != actor.organisation_id:
            raise NotFound()
        _end(change, signing, "withdraw", reason)
        change.record(SigningWithdrawn(signing.id, reason), signing)
    return signing


def _end(change: Change, signing: Signing, verb: str, reason: str) -> None:
    SIGNING.take(verb, signing, change)
    if not reason:
        raise Invalid.field("reason", _("Say why: both sides read this."))
    signing.ended_by, signing.ended_at, signing.reason = change.actor.person_id, change.now, reason
    change.write(signing)
