"""Naming the person who signs a place of one's own side: nobody else may sign it then."""

from uuid import UUID

from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Invalid, NotFound
from portal.platform.work import Change, changing
from portal.signatures import queries
from portal.signatures.events import SignatoryFreed, SignatoryNamed
from portal.signatures.states import S
from portal.signatures.tables import Signatory, Signing


async def name(actor: Actor, signing_id: UUID, signatory_id: UUID, person_id: UUID | None = None) -> Signing:
    """Say who signs this place, who is told of it; nobody means anybody of one's side who may sign."""
    async with changing(actor, Signing, signing_id) as (change, signing):
        change.require("signatures:name", signing)
        places = await change.rows(Signatory, "signing_id = $1 order by position for no key update", signing_id)
        place = _own(actor, places, signatory_id)
        if signing.state != S.OPEN or place.signed_by is not None:
            raise Conflict(_("This place is signed, or not to be signed any more."), subject_id=signing.id)
        if person_id is not None:
            await _require_able(change, places, place, person_id)
        if place.meant_for != person_id:
            place.meant_for = person_id
            change.write(place)
            about = (place.id, signing.id, signing.title, signing.sign_until)
            change.record((SignatoryFreed if person_id is None else SignatoryNamed)(*about), place, root_id=signing.id)
    return signing


def _own(actor: Actor, places: list[Signatory], signatory_id: UUID) -> Signatory:
    """The place, if it is one of the actor's company: nobody names who signs for others."""
    for place in places:
        if place.id == signatory_id and place.organisation_id == actor.organisation_id:
            return place
    raise NotFound()


async def _require_able(change: Change, places: list[Signatory], place: Signatory, person_id: UUID) -> None:
    if any(person_id in (other.signed_by, other.meant_for) for other in places if other is not place):
        raise Invalid.field("person_id", _("This person signs another place of the document."))
    if person_id not in {person for person, _name in await queries.able_to_sign(change)}:
        raise Invalid.field("person_id", _("This person may not sign for your company."))
