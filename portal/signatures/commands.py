"""Opening a document for signatures, signing it in one's turn, declining and taking it back."""

import asyncio
import hashlib
from typing import Any, NamedTuple
from uuid import UUID

from portal.access.guards import require_proof
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, FieldError, Invalid, NotFound
from portal.platform.work import Change, changing
from portal.signatures import examining
from portal.signatures.authority import authority
from portal.signatures.events import (
    DocumentSigned,
    SigningCompleted,
    SigningDeclined,
    SigningOpened,
    SigningWithdrawn,
)
from portal.signatures.forms import Finding, NewSigning
from portal.signatures.keeping import keep, kept
from portal.signatures.printing import block, page
from portal.signatures.rules import pdf_name, turn
from portal.signatures.states import SIGNING, S
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
    signing = _signing(change, form, paper, partner)
    signing.kind, signing.record_id = kind, record_id
    places = _places(signing, form)
    prepared = await page(signing, places, change.actor.organisation_name, paper.pdf)
    signing.sha256, signing.size = await keep(prepared), len(prepared)
    await keep(paper.pdf)
    change.add(signing)
    change.add_all(Signatory, places)
    change.record(SigningOpened(signing.id, signing.original_sha256), signing)
    return signing


async def sign(actor: Actor, signing_id: UUID) -> Signing:
    """Sign for one's side, in its turn: the portal attests with its certificate who was signed in, that a second
    factor was proved just now, when and from where. The last signature completes the document."""
    attesting = await authority()
    async with changing(actor, Signing, signing_id) as (change, signing):
        change.require("signatures:sign", signing)
        if signing.state != S.OPEN:
            SIGNING.take("complete", signing, change)
        places = await change.rows(Signatory, "signing_id = $1 order by position for no key update", signing_id)
        own = _place_of(actor, signing, places)
        require_proof(actor)
        before = signing.sha256
        _fill(change, own, signing)
        shown = await block(own, signing, actor.organisation_name)
        after = await asyncio.to_thread(_signed, await kept(before), own, shown, attesting)
        own.document_sha256, own.sha256, own.size = before, await keep(after), len(after)
        signing.sha256, signing.size, signing.signed = own.sha256, len(after), signing.signed + 1
        change.write(own)
        change.record(DocumentSigned(own.id, signing.id, before, own.sha256), own, root_id=signing.id)
        if signing.signed == signing.places:
            SIGNING.take("complete", signing, change)
            signing.ended_by, signing.ended_at = actor.person_id, change.now
            change.record(SigningCompleted(signing.id, signing.sha256), signing)
        change.write(signing)
    return signing


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


def _require_fit(finding: Finding) -> None:
    """Only what can be read, says what it shows and is not signed yet is fit to be signed."""
    problem = None
    if finding.fault == examining.LATE:
        problem = _("Reading this PDF took too long. Try again; if it happens again, print it to a new PDF.")
    elif finding.fault:
        problem = _("This PDF cannot be read: it is damaged, locked by a password, or too large.")
    elif finding.active:
        problem = _("This PDF holds scripts, forms or layers that change what it shows. Print it to a new PDF.")
    elif finding.signatures:
        problem = _("This PDF is signed already. Bring it without signatures.")
    if problem:
        raise Invalid(errors=[FieldError("file", problem)])


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
    blank = {"name": "", "address": "", "statement": ""} | empty
    return [
        {"id": new_id(), "organisation_id": whose[side], "side": side, "position": number} | same | blank
        for number, side in enumerate(sides, start=1)
    ]


def _place_of(actor: Actor, signing: Signing, places: list[Signatory]) -> Signatory:
    """The actor's own place, if it is their turn; raises Conflict that says who signs instead."""
    if any(place.signed_by == actor.person_id for place in places):
        raise Conflict(_("You signed this document already."), subject_id=signing.id)
    own = [place for place in places if place.organisation_id == actor.organisation_id and place.signed_by is None]
    if not own:
        raise Conflict(_("Your company signed this document already."), subject_id=signing.id)
    if own[0].side not in turn(signing.first, [(place.side, place.signed_by is not None) for place in places]):
        raise Conflict(_("The other side signs first."), subject_id=signing.id)
    return own[0]


def _fill(change: Change, place: Signatory, signing: Signing) -> None:
    actor = change.actor
    place.signed_by, place.name, place.signed_at = actor.person_id, actor.name, change.now
    place.address = actor.request.address
    place.statement = str(
        _(
            "I sign for {company}. I have read: {title}",
            title=signing.title,
            company=actor.organisation_name,
        )
    )


def _signed(pdf: bytes, place: Signatory, shown: bytes, attesting: object) -> bytes:
    from portal.signatures.sealing import sign as put

    return put(pdf, place.position, shown, place.name, place.statement, attesting)  # pyright: ignore[reportArgumentType]
