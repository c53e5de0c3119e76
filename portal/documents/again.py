"""Setting a stored document once more, from what was frozen with it: the same bytes come out, or it is said what made
the difference."""

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.documents import pressroom
from portal.documents.hybrid import Attached
from portal.documents.press import Proof, Sheet
from portal.documents.queries import Source, source
from portal.documents.rules import Identity, dated
from portal.documents.sheets import compose
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, NotFound
from portal.platform.wiring import DOCUMENTS
from portal.platform.work import viewing

SHEET = "sheet"  # words, templates, style, formats and the portal's address, all that a page says


class File(NamedTuple):
    """A file that was made: its hash and size, and what it was made with."""

    sha256: str
    size: int
    made_with: dict[str, str]


class Again(NamedTuple):
    """A document as it was made and as it comes out now; `changed` is what it is made with, by name: then and now.
    `known` says whether that was kept."""

    number: str
    kind: str
    then: str
    now: str
    changed: dict[str, tuple[str, str]]
    known: bool

    @property
    def same(self) -> bool:
        return self.then == self.now


async def sheet_of(found: Source) -> Sheet:
    """What is set, with the same for machines inside where its kind has it."""
    document, snapshot, heading = found
    which = Identity(document.kind, document.record_id, document.revision, document.language, document.source)
    wired = DOCUMENTS[document.kind]
    sheet = await asyncio.to_thread(compose, wired.template, which, snapshot, heading)
    xml = await wired.machine(snapshot) if wired.machine else None
    if xml is None:
        return msgspec.structs.replace(sheet, archival=wired.archival)
    return msgspec.structs.replace(sheet, attached=Attached(xml, dated(document.kind, snapshot).isoformat()))


def made_with(sheet: Sheet, proof: Proof) -> dict[str, str]:
    """What decides about the bytes: what was set, and by which versions."""
    said = {name: part for name, part in msgspec.structs.asdict(sheet).items() if part or name != "archival"}
    return {SHEET: hashlib.sha256(msgspec.msgpack.encode(said)).hexdigest(), **proof.tools}


async def again(actor: Actor, named: str) -> Again:
    """Set a document of the actor's organisation, named by its id or the SHA-256 of its file, once more. What is stored
    stays as it is."""
    async with viewing(actor) as view:
        found = await source(view, await _which(view, named))
    document = found.document
    if document.sha256 is None:
        raise Conflict(_("This document was not made yet."))
    sheet = await sheet_of(found)
    proof = await pressroom.proof_of(sheet, kind=document.kind)
    now = hashlib.sha256(proof.pdf).hexdigest()
    changed = _changed(document.made_with or {}, made_with(sheet, proof))
    return Again(document.number, document.kind, document.sha256, now, changed, document.made_with is not None)


async def _which(view: Any, named: str) -> UUID:
    found = await view.value("select id from document where id::text = $1 or sha256 = $1 order by id limit 1", named)
    if found is None:
        raise NotFound()
    return found


def _changed(then: Mapping[str, str], now: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {name: (then[name], now.get(name, "")) for name in then if then[name] != now.get(name)}
