"""Asking for a document, making it, and asking once more for one that failed."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import msgspec
import structlog

from portal.audit.queries import is_disposed
from portal.documents import pressroom
from portal.documents.again import File, made_with, sheet_of
from portal.documents.events import (
    DocumentFailed,
    DocumentReady,
    DocumentRequested,
    DocumentRetried,
    DocumentStumbled,
)
from portal.documents.pressroom import Unprintable
from portal.documents.queries import Wanted, present, source, wanted
from portal.documents.rules import (
    BATCH,
    LEFT_OVER,
    MOST_ATTEMPTS,
    NO_ROOM,
    REQUIRED_TIME,
    header_of,
    sides,
)
from portal.documents.sheets import version_of
from portal.documents.states import DOCUMENT
from portal.documents.store import load, store
from portal.documents.tables import Document
from portal.documents.troubles import Trouble, told, trouble_of
from portal.letterheads.queries import present as letterhead
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Away, Conflict, Full, NotFound
from portal.platform.wiring import Job
from portal.platform.work import Change, changing, viewing

log = structlog.get_logger("documents")
RENDER, REMAINING = "documents.render", "documents.remaining"


async def request(actor: Actor, kind: str, record_id: UUID) -> Document:
    """The record's document as it stands; asked for the first time, it is begun, once however many ask at a time."""
    return await _asked(actor, kind, record_id, later=True)


async def _asked(actor: Actor, kind: str, record_id: UUID, *, later: bool) -> Document:
    """The same; a job makes one that is begun `later`, else whoever asks does."""
    async with viewing(actor) as view:
        wish = await wanted(view, kind, record_id)
        found = await present(view, wish)
        if found is None and await is_disposed(view, record_id):
            raise Conflict(_("This document was kept as long as the law asks, then destroyed."))
    return found or await _begin(actor, wish, later=later)


async def retry(actor: Actor, kind: str, record_id: UUID) -> Document:
    """Try again what failed, or what should have been done long ago; anything else stays as it is."""
    document = await request(actor, kind, record_id)
    async with changing(actor, Document, document.id) as (change, row):
        forgotten = row.state == "pending" and row.requested_at < change.now - timedelta(minutes=REQUIRED_TIME)
        if row.state != "failed" and not forgotten:
            return row
        if row.state == "failed":
            DOCUMENT.take("retry", row, change)
        row.attempts, row.error, row.requested_at = 0, "", change.now
        change.write(row)
        _make_later(change, row)
        change.record(DocumentRetried(row.id), row)
    return row


async def at_once(actor: Actor, kind: str, record_id: UUID) -> tuple[Document, bytes]:
    """The document of an own record with its file, made now if nobody made it yet: for who cannot go on without it.
    It is no part of the command that waits for it, and stays if that is refused. Raises `Conflict` with the reason if
    it cannot be made."""
    apart = msgspec.structs.replace(
        actor, request=msgspec.structs.replace(actor.request, held=None, idempotency=None, if_match=None)
    )
    document = await made(apart, kind, record_id)
    if document.state != "ready" or document.sha256 is None:
        unsaid = _("This document could not be made. You can have it tried again.")
        raise Conflict(told(document.error) or unsaid, subject_id=document.id)
    return document, await load(document.sha256)


async def made(actor: Actor, kind: str, record_id: UUID) -> Document:
    """The document, made by whoever waits for it if nobody made it yet: ready or failed. Raises `Full` where there is
    no room for it, and what `render` raises when trying again makes sense."""
    document = await _asked(actor, kind, record_id, later=False)
    if document.state == "pending":
        await render(Actor.system(actor.organisation_id), document.id)
        document = await request(actor, kind, record_id)
    if document.state == "pending":
        raise Full()
    return document


async def render(actor: Actor, document_id: UUID) -> None:
    """Make the file and keep it. Done twice it gives the same bytes, kept once."""
    async with viewing(actor) as view:
        found = await source(view, document_id)
    document, snapshot, _heading = found
    if document.state != "pending":
        return
    try:
        sheet = await sheet_of(found)
        proof = await pressroom.proof_of(sheet, kind=document.kind)
        digest = await store(proof.pdf)
    except Unprintable as reason:
        await _fail(actor, document_id, trouble_of(reason, snapshot))
    except Full:
        await _wait_for_room(actor, document_id)
    except Away:
        raise  # no document's fault: no attempt is counted, and the job is tried again
    except Exception as error:
        if not await _stumble(actor, document_id, type(error).__name__):
            raise
        log.exception("a document cannot be made", document=str(document_id))
    else:
        await _finish(actor, document_id, File(digest, len(proof.pdf), made_with(sheet, proof)))


async def look_after_remaining(actor: Actor) -> None:
    """Ask once more for what should have been made long ago: the disk was full, or nobody did the job. What is left
    over beyond a batch comes next time."""
    async with changing(actor) as change:
        remaining = await change.rows(
            Document,
            "state = 'pending' and owner_id = $1 and requested_at < $2 order by id limit $3 for update skip locked",
            *(actor.organisation_id, change.now - LEFT_OVER, BATCH),
        )
        for row in remaining:
            row.requested_at = change.now
            change.write(row)
            _make_later(change, row)
            change.record(DocumentRetried(row.id), row)


async def _begin(actor: Actor, wish: Wanted, *, later: bool) -> Document:
    which, (owner, reader) = wish.identity, sides(wish.identity.subject_kind, wish.snapshot)
    try:
        async with changing(actor) as change:
            document = Document(
                id=new_id(),
                owner_id=owner,
                shown_to=reader,
                kind=which.subject_kind,
                record_id=which.subject_id,
                number=str(header_of(wish.snapshot)["number"]),
                revision=which.revision,
                language=which.language,
                source=which.source,
                template=version_of(wish.template),
                requested_by=actor.person_id,
                requested_at=change.now,
            )
            change.add(document)
            change.afterwards(
                "insert into document_source (document_id, owner_id, shown_to, snapshot, letterhead_id) "
                "values ($1, $2, $3, $4, $5)",
                *(document.id, owner, reader, wish.snapshot, await letterhead(change, owner)),
            )
            if later:
                _make_later(change, document)
            change.record(DocumentRequested(document.id, document.kind, document.record_id), document)
        return document
    except asyncpg.UniqueViolationError:
        return await _theirs(actor, wish)


async def _theirs(actor: Actor, wish: Wanted) -> Document:
    """The document that somebody else asked for at the same moment."""
    async with viewing(actor) as view:
        found = await present(view, wish)
    if found is None:
        raise NotFound()
    return found


def _make_later(change: Change, document: Document) -> None:
    change.later(Job(RENDER, change.actor.organisation_id, {"document_id": document.id}))


async def _finish(actor: Actor, document_id: UUID, file: File) -> None:
    async with changing(actor, Document, document_id) as (change, row):
        if row.state != "pending":
            return
        DOCUMENT.take("finish", row, change)
        row.sha256, row.size, row.made_with = file
        row.ready_at, row.error = change.now, ""
        change.write(row)
        change.record(DocumentReady(row.id, file.sha256), row)


async def _wait_for_room(actor: Actor, document_id: UUID) -> None:
    """The disk is full: that is not the document's fault, so no attempt is counted and it is tried again for ever."""
    log.error("there is no room for a document: make some, it is made then", document=str(document_id))
    async with changing(actor, Document, document_id) as (change, row):
        if row.state == "pending" and row.error != NO_ROOM:
            row.error = NO_ROOM
            change.write(row)
            change.record(DocumentStumbled(row.id, row.attempts), row)


async def _fail(actor: Actor, document_id: UUID, trouble: Trouble) -> None:
    """Trying again would end the same: it fails at once, and its page says why."""
    async with changing(actor, Document, document_id) as (change, row):
        if row.state != "pending":
            return
        row.attempts, row.error = row.attempts + 1, trouble.kept()
        DOCUMENT.take("fail", row, change)
        change.write(row)
        change.record(DocumentFailed(row.id, trouble.code), row)


async def _stumble(actor: Actor, document_id: UUID, reason: str) -> bool:
    """Note an attempt that did not succeed; whether it was the last."""
    async with changing(actor, Document, document_id) as (change, row):
        if row.state != "pending":
            return True
        row.attempts, row.error = row.attempts + 1, reason
        over = row.attempts >= MOST_ATTEMPTS
        if over:
            DOCUMENT.take("fail", row, change)
        change.write(row)
        change.record(DocumentFailed(row.id, reason) if over else DocumentStumbled(row.id, row.attempts), row)
    return over
