"""Asking both sides to sign: a PDF that somebody brought, or the own document of a record."""

import hashlib
from typing import Any, NamedTuple

from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.ids import new_id
from portal.platform.refusals import FieldError, Invalid
from portal.platform.work import Change, changing
from portal.signatures import examining, queries
from portal.signatures.events import SignatoryNamed, SigningOpened
from portal.signatures.forms import Finding, NewSigning
from portal.signatures.keeping import keep
from portal.signatures.printing import page
from portal.signatures.rules import pdf_name
from portal.signatures.tables import Signatory, Signing

_PARTNER = """
select supplier_name from trading_relationship
where buyer_id = $1 and supplier_id = $2 and state in ('approved', 'on_hold')"""


class Paper(NamedTuple):
    """A PDF that is to be signed, as the examiner found it."""

    name: str
    pdf: bytes
    finding: Finding


async def open_signing(actor: Actor, form: NewSigning, file_name: str, pdf: bytes) -> Signing:
    """Ask both sides to sign a PDF that somebody brought. The supplier sees it from now on."""
    paper = await examined(file_name, pdf)
    async with changing(actor) as change:
        return await open_within(change, form, paper)


async def examined(file_name: str, pdf: bytes) -> Paper:
    """A PDF that is to be signed, read by the examiner: call it before the change that it is signed in."""
    return Paper(pdf_name(file_name), pdf, await examining.examine(pdf, []))


async def open_within(change: Change, form: NewSigning, paper: Paper, kind: str = "", record_id: Any = None) -> Signing:
    """Open it as a part of the caller's change, for a record whose own document it is: a page with a place for each
    signature is added behind it."""
    change.require("signatures:open")
    partner = await change.value(_PARTNER, change.actor.organisation_id, form.supplier_id)
    if partner is None:
        raise Invalid.field("supplier_id", _("You do not trade with this supplier now."))
    _require_fit(paper.finding)
    await _require_named(change, form)
    signing = _signing(change, form, paper, partner)
    signing.kind, signing.record_id = kind, record_id
    places = _places(signing, form)
    prepared = await page(signing, places, change.actor.organisation_name, paper.pdf)
    signing.sha256, signing.size = await keep(prepared), len(prepared)
    await keep(paper.pdf)
    change.add(signing)
    change.record(SigningOpened(signing.id, signing.original_sha256), signing)
    for place in change.add_all(Signatory, places):
        if place.meant_for is not None:
            named = SignatoryNamed(place.id, signing.id, signing.title, signing.sign_until)
            change.record(named, place, root_id=signing.id)
    return signing


def unread(finding: Finding) -> Message | None:
    """Why the examiner could not read a file."""
    if finding.fault == examining.LATE:
        return _("Reading this PDF took too long. Try again; if it happens again, print it to a new PDF.")
    if finding.fault:
        return _("This PDF cannot be read: it is damaged, locked by a password, or too large.")
    return None


def _require_fit(finding: Finding) -> None:
    """Only what can be read, says what it shows and is not signed yet is fit to be signed."""
    problem = unread(finding)
    if problem is None and finding.active:
        problem = _("This PDF holds scripts, forms or layers that change what it shows. Print it to a new PDF.")
    elif problem is None and finding.signatures:
        problem = _("This PDF is signed already. Bring it without signatures.")
    if problem:
        raise Invalid(errors=[FieldError("file", problem)])


async def _require_named(change: Change, form: NewSigning) -> None:
    """Whoever is named may sign for the buyer, once, and there is a place for each; the last day is not over."""
    errors: list[FieldError] = []
    if form.own_people:
        able = {person for person, _name in await queries.able_to_sign(change)}
        if len(form.own_people) > form.own_places:
            errors.append(FieldError("own_people.0", _("More people are named than there are places.")))
        for number, person in enumerate(form.own_people):
            if person not in able:
                errors.append(FieldError(f"own_people.{number}", _("This person may not sign for your company.")))
            elif person in form.own_people[:number]:
                errors.append(FieldError(f"own_people.{number}", _("This person is named twice.")))
    if form.sign_until and form.sign_until < await queries.today(change, change.actor.organisation_id):
        errors.append(FieldError("sign_until", _("This day is over.")))
    if errors:
        raise Invalid(errors=errors)


def _signing(change: Change, form: NewSigning, paper: Paper, partner: str) -> Signing:
    buyer = change.actor.organisation_id
    return Signing(
        id=new_id(),
        buyer_id=buyer,
        supplier_id=form.supplier_id,
        shown_to=form.supplier_id,
        supplier_name=partner,
        title=form.title,
        file_name=paper.name,
        first=form.first,
        sign_until=form.sign_until,
        places=form.own_places + form.their_places,
        original_sha256=hashlib.sha256(paper.pdf).hexdigest(),
        pages=paper.finding.pages + 1,  # that with the places, too
        created_by=change.actor.person_id,
        created_at=change.now,
    )


def _places(signing: Signing, form: NewSigning) -> list[dict[str, object]]:
    """The buyer's places come first on the page, whoever signs first."""
    sides = ["buyer"] * form.own_places + ["supplier"] * form.their_places
    whose = {"buyer": signing.buyer_id, "supplier": signing.supplier_id}
    empty = {"signed_by": None, "signed_at": None, "document_sha256": None, "sha256": None, "size": None}
    same: dict[str, object] = {
        "signing_id": signing.id,
        "buyer_id": signing.buyer_id,
        "shown_to": signing.shown_to,
        "version": 1,
    }
    blank = dict.fromkeys(("name", "address", "statement", "certificate", "issuer", "fingerprint", "seal"), "") | empty
    meant = [*form.own_people, *[None] * len(sides)]
    return [
        {
            "id": new_id(),
            "organisation_id": whose[side],
            "side": side,
            "position": number,
            "meant_for": meant[number - 1],
        }
        | same
        | blank
        for number, side in enumerate(sides, start=1)
    ]
