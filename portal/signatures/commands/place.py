"""The place that somebody signs now: found by whose turn it is, filled, and the last one completes the document."""

from portal.access.guards import require_proof
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.work import Change
from portal.signatures import queries
from portal.signatures.events import SigningCompleted
from portal.signatures.rules import open_place, turn
from portal.signatures.states import SIGNING, S
from portal.signatures.tables import Signatory, Signing


async def place_to_sign(change: Change, signing: Signing, position: int | None = None) -> Signatory:
    """The actor's own place, or that at the position, if they may sign it now: in their turn and in time, after a
    second factor was proved. Raises Conflict that says what stands against it."""
    change.require("signatures:sign", signing)
    if signing.state != S.OPEN:
        SIGNING.take("complete", signing, change)
    places = await change.rows(Signatory, "signing_id = $1 order by position for no key update", signing.id)
    await _require_in_time(change, signing)
    own = _place_of(change, signing, places, position)
    require_proof(change.actor)
    return own


def fill(change: Change, place: Signatory, signing: Signing) -> None:
    """Who signs, when, from where, and what they state."""
    actor = change.actor
    place.signed_by, place.name, place.signed_at = actor.person_id, actor.name, change.now
    place.address = actor.request.address
    company, title = actor.organisation_name, signing.title
    place.statement = str(_("I sign for {company}. I have read: {title}", title=title, company=company))


def complete(change: Change, signing: Signing, place: Signatory) -> None:
    """The place is signed: its file is the present one, and of the last place the final one."""
    assert place.sha256 is not None
    signing.sha256, signing.size, signing.signed = place.sha256, place.size, signing.signed + 1
    change.write(place)
    if signing.signed == signing.places:
        SIGNING.take("complete", signing, change)
        signing.ended_by, signing.ended_at = change.actor.person_id, change.now
        change.record(SigningCompleted(signing.id, signing.sha256), signing)
    change.write(signing)


def _place_of(change: Change, signing: Signing, places: list[Signatory], position: int | None) -> Signatory:
    """Raises Conflict that says who signs instead."""
    actor = change.actor
    if any(place.signed_by == actor.person_id for place in places):
        raise Conflict(_("You signed this document already."), subject_id=signing.id)
    own = [place for place in places if place.organisation_id == actor.organisation_id and place.signed_by is None]
    if not own:
        raise Conflict(_("Your company signed this document already."), subject_id=signing.id)
    place = open_place(actor.person_id, [each for each in own if position in (None, each.position)])
    if place is None and position is not None:
        raise Conflict(_("The signature stands in a place that is not yours."), subject_id=signing.id)
    if place is None:
        raise Conflict(_("Your company named somebody else to sign this document."), subject_id=signing.id)
    if place.side not in turn(signing.first, [(place.side, place.signed_by is not None) for place in places]):
        raise Conflict(_("The other side signs first."), subject_id=signing.id)
    return place


async def _require_in_time(change: Change, signing: Signing) -> None:
    if signing.sign_until is not None and signing.sign_until < await queries.today(change, signing.buyer_id):
        day = signing.sign_until.isoformat()
        raise Conflict(
            _("The last day to sign it was {day}. Ask who opened it for a later one.", day=day), subject_id=signing.id
        )
