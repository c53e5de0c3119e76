"""Signing in one's turn: the portal attests with its certificate who it was."""

import asyncio
from uuid import UUID

from portal.letterheads.queries import seal
from portal.platform.actor import Actor
from portal.platform.work import changing
from portal.signatures.authority import authority
from portal.signatures.commands.place import complete, fill, place_to_sign
from portal.signatures.events import DocumentSigned
from portal.signatures.keeping import keep, kept
from portal.signatures.printing import block
from portal.signatures.tables import Signatory, Signing


async def sign(actor: Actor, signing_id: UUID) -> Signing:
    """Sign for one's side, in its turn: the portal attests with its certificate who was signed in, that a second
    factor was proved just now, when and from where. The company's seal, if it has one, stands beside the name. The last
    signature completes the document."""
    attesting = await authority()
    async with changing(actor, Signing, signing_id) as (change, signing):
        own, before = await place_to_sign(change, signing), signing.sha256
        fill(change, own, signing)
        own.seal, picture = await seal(change)
        shown = await block(own, signing, actor.organisation_name, picture)
        after = await asyncio.to_thread(_signed, await kept(before), own, shown, attesting)
        own.document_sha256, own.sha256, own.size = before, await keep(after), len(after)
        change.record(DocumentSigned(own.id, signing.id, before, own.sha256), own, root_id=signing.id)
        complete(change, signing, own)
    return signing


def _signed(pdf: bytes, place: Signatory, shown: bytes, attesting: object) -> bytes:
    from portal.signatures.sealing import sign as put

    return put(pdf, place.position, shown, place.name, place.statement, attesting)  # pyright: ignore[reportArgumentType]
