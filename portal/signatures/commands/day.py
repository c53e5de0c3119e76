"""The day until which to sign: set by who opened the signing, and told of in time."""

from uuid import UUID

from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Invalid, NotFound
from portal.platform.work import Change, changing
from portal.signatures import queries
from portal.signatures.events import SignatureDue, SigningDaySet, SigningLapsed
from portal.signatures.forms import DayForm
from portal.signatures.states import S
from portal.signatures.tables import Signatory, Signing

REVIEW = "signatures.review"
MOST = 200  # signings that one run looks after; the next run goes on
SOON = 3  # days before the last one on which reminders go out
_DUE = """buyer_id = $1 and state = 'open' and ((sign_until between $2 and $2 + $3::int
  and reminded_of is distinct from sign_until) or (sign_until < $2 and lapsed_of is distinct from sign_until))
order by id limit {most} for no key update"""
# One place for each person who is named, and one for all the others of a side.
_UNSIGNED = """id in (select distinct on (signing_id, side, meant_for) id from signatory
  where signing_id = any($1) and signed_by is null order by signing_id, side, meant_for, position)"""


async def set_day(actor: Actor, signing_id: UUID, form: DayForm) -> Signing:
    """Set the last day on which it may be signed, by the buyer's own day, or a later one: whoever is to sign is
    reminded anew before it."""
    async with changing(actor, Signing, signing_id) as (change, signing):
        change.require("signatures:open", signing)
        if signing.buyer_id != actor.organisation_id:
            raise NotFound()
        if signing.state != S.OPEN:
            raise Conflict(_("Nobody signs this document any more."), subject_id=signing.id)
        if form.sign_until < await queries.today(change, signing.buyer_id):
            raise Invalid.field("sign_until", _("This day is over."))
        signing.sign_until = form.sign_until
        change.write(signing)
        change.record(SigningDaySet(signing.id, form.sign_until), signing)
    return signing


async def review(actor: Actor) -> int:
    """Remind whoever is to sign that the last day is near, and tell who opened a signing that it is over, once each;
    gives of how many signings."""
    async with changing(actor) as change:
        today = await queries.today(change, actor.organisation_id)
        due = await change.rows(Signing, _DUE.format(most=MOST), actor.organisation_id, today, SOON)
        late = [signing for signing in due if signing.sign_until < today]
        for signing in late:
            signing.lapsed_of = signing.sign_until
            change.record(SigningLapsed(signing.id, signing.sign_until), signing)
        await _remind(change, [signing for signing in due if signing not in late])
        change.write_all(due)
    return len(due)


async def _remind(change: Change, signings: list[Signing]) -> None:
    about = {signing.id: signing for signing in signings}
    for signing in signings:
        signing.reminded_of = signing.sign_until
    for place in await change.rows(Signatory, _UNSIGNED, list(about)) if about else []:
        signing = about[place.signing_id]
        told = SignatureDue(place.id, signing.id, signing.title, signing.sign_until)
        change.record(told, place, root_id=signing.id)
