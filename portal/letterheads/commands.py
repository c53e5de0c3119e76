"""Publishing the next edition of a letterhead, and trying one on without publishing it."""

import base64
import binascii
import hashlib
from uuid import UUID

from portal.letterheads import queries
from portal.letterheads.engraving import engrave
from portal.letterheads.events import LetterheadPublished
from portal.letterheads.forms import Heading, LetterheadForm, Picture
from portal.letterheads.rules import PICTURES, against_colour, against_lines
from portal.letterheads.tables import Letterhead, Organisation
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from portal.platform.refusals import FieldError, Invalid
from portal.platform.work import Change, changing, viewing

PERMISSION = "letterheads:publish"
_KEEP = "insert into letterhead_picture (organisation_id, sha256, png) values ($1, $2, $3) on conflict do nothing"


async def publish(actor: Actor, form: LetterheadForm) -> Letterhead:
    """The next edition: documents that are asked for first from now on wear it; those there are stay as they are."""
    drawn = await _checked(form)
    async with changing(actor, Organisation, actor.organisation_id) as (change, organisation):
        change.require(PERMISSION)
        last = await _last(change, organisation.id)
        logo, seal = (_worn(name, form, drawn, last) for name in PICTURES)
        told = last.logo_text if last and "logo" not in drawn else ""
        for png in dict.fromkeys(drawn.values()):
            change.afterwards(_KEEP, organisation.id, hashlib.sha256(png).hexdigest(), png)
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
                seal=seal,
                created_by=actor.person_id,
                created_at=change.now,
            )
        )
        change.record(LetterheadPublished(row.id, row.edition), row)
    return row


async def tried_on(actor: Actor, form: LetterheadForm) -> Heading:
    """What documents would wear under this form; nothing of it is kept."""
    drawn = await _checked(form)
    async with viewing(actor) as view:
        worn = await queries.heading(view, await queries.present(view, actor.organisation_id))
    kept = b"" if form.without_logo else worn.picture
    return Heading(
        colour=form.colour.lower(),
        address=form.address or "",
        footer=form.footer or "",
        picture=drawn.get("logo") or kept,
        picture_text=form.logo_text or actor.organisation_name,
    )


async def _checked(form: LetterheadForm) -> dict[str, bytes]:
    """The pictures that came along, drawn anew; all that is wrong with the form at once."""
    found = {"colour": against_colour(form.colour)} | {
        name: against_lines(name, getattr(form, name) or "") for name in ("address", "footer")
    }
    errors = [FieldError(name, why) for name, why in found.items() if why is not None]
    drawn: dict[str, bytes] = {}
    for name in PICTURES:
        try:
            if picture := getattr(form, name):
                drawn[name] = await engrave(name, _bytes(name, picture))
        except Invalid as refusal:
            errors += refusal.errors
    if errors:
        raise Invalid(errors=errors)
    return drawn


def _bytes(name: str, picture: Picture) -> bytes:
    try:
        return base64.b64decode(picture, validate=True)
    except binascii.Error as error:
        raise Invalid.field(name, Picture.expected()) from error


async def _last(change: Change, organisation_id: UUID) -> Letterhead | None:
    found = await change.rows(Letterhead, "organisation_id = $1 order by edition desc limit 1", organisation_id)
    return found[0] if found else None


def _worn(name: str, form: LetterheadForm, drawn: dict[str, bytes], last: Letterhead | None) -> str | None:
    """SHA-256 of the picture: of the one that came along, or of that of the last edition."""
    if name in drawn:
        return hashlib.sha256(drawn[name]).hexdigest()
    return None if last is None or getattr(form, f"without_{name}") else getattr(last, name)
