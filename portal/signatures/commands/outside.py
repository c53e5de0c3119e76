"""A document that was signed outside comes back: with the signer's own certificate, in the place of the portal's."""

from uuid import UUID

from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, Invalid
from portal.platform.work import Change, changing, viewing
from portal.signatures import examining, queries
from portal.signatures.authority import roots
from portal.signatures.commands.opening import unread
from portal.signatures.commands.place import complete, fill, place_to_sign
from portal.signatures.events import DocumentSigned
from portal.signatures.forms import Finding, Signed
from portal.signatures.judging import only_signed
from portal.signatures.keeping import keep, kept
from portal.signatures.layout import field
from portal.signatures.tables import Signing


async def bring_signed(actor: Actor, signing_id: UUID, pdf: bytes) -> Signing:
    """Take a place of one's side by the present file as another program signed it. It must begin with the very bytes
    that were laid before the signer, and hold one signature more, which covers all of it, and nothing else."""
    async with viewing(actor) as view:
        before = await queries.signing_row(view, signing_id)
    finding = await _found(pdf, await kept(before.sha256))
    made = _new(finding, before.size)
    async with changing(actor, Signing, signing_id) as (change, signing):
        own = await place_to_sign(change, signing, _meant(made, before.places))
        if signing.sha256 != before.sha256:
            raise Conflict(_("Somebody signed meanwhile. Download the present file and sign that."))
        await _require_own(change, signing, made)
        fill(change, own, signing)
        own.certificate, own.issuer, own.fingerprint = made.certificate, made.issuer, made.fingerprint
        own.document_sha256, own.sha256, own.size = before.sha256, await keep(pdf), len(pdf)
        signed = DocumentSigned(own.id, signing.id, before.sha256, own.sha256, made.fingerprint)
        change.record(signed, own, root_id=signing.id)
        complete(change, signing, own)
    return signing


async def _found(pdf: bytes, before: bytes) -> Finding:
    if not pdf.startswith(before):
        raise _refused(
            _(
                "This is not the present file with a signature behind it: it is another one, somebody signed "
                "meanwhile, or a program saved it anew. Download the present file, sign it, and bring what comes of it."
            )
        )
    finding = await examining.examine(pdf, await roots(), len(before))
    if problem := unread(finding):
        raise _refused(problem)
    return finding


def _new(finding: Finding, since: int) -> Signed:
    """The one signature that came, if it holds and is all that came; raises Invalid that says what is wrong."""
    made = [each for each in finding.signatures if each.reach > since and not each.is_timestamp]
    if not made:
        raise _refused(_("This file holds no new signature."))
    if len(made) > 1:
        raise _refused(_("This file holds more than one new signature. Each person brings their own."))
    if not made[0].intact:
        raise _refused(
            _(
                "The new signature is not valid: the file was changed after it, or its certificate had run out "
                "or is none for signing."
            )
        )
    if made[0].portal:
        raise _refused(_("The new signature is made with the portal’s certificate. Sign in the portal instead."))
    if made[0].locks:
        raise _refused(_("The new signature locks the document for others. Sign anew without locking or certifying."))
    if finding.added != "signatures":
        raise _refused(_("Something else than a signature came into the file, or it is seen outside its place."))
    if not only_signed(finding):
        raise _refused(_("The new signature does not cover the whole file."))
    return made[0]


def _meant(made: Signed, places: int) -> int | None:
    """The position whose field was signed; None for a field of the signer's own, which nobody sees."""
    return next((position for position in range(1, places + 1) if made.field == field(position)), None)


async def _require_own(change: Change, signing: Signing, made: Signed) -> None:
    """The certificate is valid today, by the portal's clock, and nobody else signed this document with it."""
    if not made.valid_from <= change.now <= made.valid_until:
        raise _refused(_("The certificate of the new signature is not valid today."))
    if await queries.is_signed_with(change, signing.id, made.fingerprint):
        raise _refused(_("Somebody signed this document with the same certificate. Each person signs with their own."))


def _refused(problem: Message) -> Invalid:
    return Invalid.field("file", problem)
