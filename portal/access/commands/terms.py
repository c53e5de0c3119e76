"""Terms of use and privacy notices: editions that never change, and who accepted which."""

from collections.abc import Sequence
from uuid import UUID

from portal.access import queries
from portal.access.commands.renewal import signed_in
from portal.access.events import LegalTextAccepted, LegalTextPublished
from portal.access.forms import LegalForm
from portal.access.tables import LegalAcceptance, LegalText, Organisation
from portal.platform.actor import Actor
from portal.platform.i18n import _, current_language
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict
from portal.platform.work import changing


async def publish_text(actor: Actor, form: LegalForm) -> LegalText:
    """The next edition. Own people and those of suppliers are asked to accept it when they sign in next."""
    async with changing(actor, Organisation, actor.organisation_id) as (change, organisation):
        change.require("terms:publish")
        last = await change.value(
            "select max(edition) from legal_text where organisation_id = $1 and kind = $2", organisation.id, form.kind
        )
        texts = {"en": form.text_en} | ({"zh-Hans": form.text_zh} if form.text_zh else {})
        text = change.add(
            LegalText(
                id=new_id(),
                organisation_id=organisation.id,
                organisation_name=organisation.name,
                kind=form.kind,
                edition=(last or 0) + 1,
                texts=texts,
                published_by=actor.person_id,
                published_at=change.now,
            )
        )
        change.record(LegalTextPublished(text.id, text.kind, text.edition), text)
    return text


async def accept_texts(actor: Actor, texts: Sequence[UUID], *, address: str) -> None:
    """Accept what was read. An edition that came out meanwhile is to be read first."""
    session = signed_in(actor)
    async with changing(actor) as change:
        await change.fetch("select 1 from person where id = $1 for no key update", actor.person)
        wanted = await queries.to_accept(change)
        if {text.id for text in wanted} - set(texts):
            raise Conflict(_("There is something else to read: open the page again."))
        for text in wanted:
            accepted = change.add(_acceptance(actor, text, address))
            accepted.accepted_at = change.now
            change.record(LegalTextAccepted(text.id, text.kind, text.edition), accepted)
    queries.forget_session(session)


def _acceptance(actor: Actor, text: LegalText, address: str) -> LegalAcceptance:
    language = current_language()
    return LegalAcceptance(
        id=new_id(),
        text_id=text.id,
        kind=text.kind,
        edition=text.edition,
        organisation_id=actor.organisation_id,
        shown_to=text.organisation_id,
        person_id=actor.person,
        language=language if language in text.texts else "en",
        address=address,
    )
