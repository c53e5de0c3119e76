"""Publishing the next edition of a letterhead, and trying one on without publishing it."""

import base64
import binascii
import hashlib
from uuid import UUID

from portal.letterheads import queries
from portal.letterheads.engraving import FIELD, engrave
from portal.letterheads.events import LetterheadPublished
from portal.letterheads.forms import Heading, LetterheadForm, Picture
from portal.letterheads.rules import against_colour, against_lines
from portal.letterheads.tables import Letterhead, Organisation
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from portal.platform.refusals import FieldError, Invalid
from portal.platform.work import Change, changing, viewing

PERMISSION = "letterheads:publish"
_KEEP = "insert into letterhead_picture (organisation_id, sha256, png) values ($1, $2, $3) on conflict do nothing"


async def publish(actor: Actor, form: LetterheadForm) -> Letterhead:
    """The next edition: documents that are asked for first from now on wear it; those there are stay as they are."""
    png = await _checked(form)
    async with changing(actor, Organisation, actor.organisation_id) as (change, organisation):
        change.require(PERMISSION)
        last = await _last(change, organisation.id)
        logo, told = _logo(form, png, last)
        if png:
            change.afterwards(_KEEP, organisation.id, logo, png)
        row = change.add(
            Letterhead(
                id=new_id(),
                organisation_id=organisation.id,
                edition=(last.edition if last else 0) + 1,
                colour=form.colour.lower(),
                address=form.address or "",
                footer=form.footer or "",
                logo=logo,
                logo_text=(form.logo_text or told or organisation.name) if logo else "",
                created_by=actor.person_id,
                created_at=change.now,
            )
        )
        change.record(LetterheadPublished(row.id, row.edition), row)
    return row


async def tried_on(actor: Actor, form: LetterheadForm) -> Heading:
    """What documents would wear under this form; nothing of it is kept."""
    png = await _checked(form)
    async with viewing(actor) as view:
        worn = await queries.heading(view, await queries.present(view, actor.organisation_id))
    kept = b"" if form.without_logo else worn.picture
    return Heading(
        colour=form.colour.lower(),
        address=form.address or "",
        footer=form.footer or "",
        picture=png or kept,
        picture_text=form.logo_text or actor.organisation_name,
    )


async def _checked(form: LetterheadForm) -> bytes:
    """The picture that came along, drawn anew; all that is wrong with the form at once."""
    found = {"colour": against_colour(form.colour)} | {
        name: against_lines(name, getattr(form, name) or "") for name in ("address", "footer")
    }
    errors = [FieldError(name, why) for name, why in found.items() if why is not None]
    png = b""
    try:
        png = await engrave(_bytes(form.logo)) if form.logo else b""
    except Invalid as refusal:
        errors += refusal.errors
    if errors:
        raise Invalid(errors=errors)
    return png


def _bytes(picture: Picture) -> bytes:
    try:
        return base64.b64decode(picture, validate=True)
    except binascii.Error as error:
        raise Invalid.field(FIELD, Picture.expected()) from error


async def _last(change: Change, organisation_id: UUID) -> Letterhead | None:
    found = await change.rows(Letterhead, "organisation_id = $1 order by edition desc limit 1", organisation_id)
    return found[0] if found else None


def _logo(form: LetterheadForm, png: bytes, last: Letterhead | None) -> tuple[str | None, str]:
    """(SHA-256 of the picture, what is read aloud for it): the one that came along, or that of the last edition."""
    if png:
        return hashlib.sha256(png).hexdigest(), ""
    if form.without_logo or last is None:
        return None, ""
    return last.logo, last.logo_text
