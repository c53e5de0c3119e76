"""Which document a record has now, and what it is set from."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.guards import require
from portal.documents.rules import FACES, Identity, Snapshot, file_name, identity
from portal.documents.sheets import version_of
from portal.documents.store import Damaged, load
from portal.documents.tables import Document
from portal.documents.troubles import told
from portal.letterheads.forms import Heading
from portal.letterheads.queries import heading
from portal.platform.refusals import NotFound
from portal.platform.wiring import DOCUMENTS, SUBJECTS
from portal.platform.work import View
from portal.web.parts import Stored

AWAITED = "awaited"
_SAME = """
select * from document where kind = $1 and record_id = $2 and revision = $3 and language = $4 and source = $5
  and (state = 'ready' or template = $6) order by state = 'ready' desc, requested_at limit 1
"""


class Wanted(NamedTuple):
    """A document that somebody may have: which one, what it says, and the template that sets it today."""

    identity: Identity
    snapshot: Snapshot
    template: str


async def wanted(view: View, kind: str, record_id: UUID) -> Wanted:
    """What the document of a record is to be. Refuses what its kind refuses: unseen 404, a draft 409, no right 403."""
    if kind not in DOCUMENTS:
        raise NotFound()
    wired = DOCUMENTS[kind]
    require(view.actor, wired.permission)
    snapshot = await wired.snapshot(view, record_id)
    return Wanted(identity(kind, record_id, snapshot), snapshot, wired.template)


async def present(view: View, wanted: Wanted) -> Document | None:
    """The document as it stands. One that is ready stays the one, also when templates look different by now."""
    record = await view.one(_SAME, *wanted.identity, version_of(wanted.template))
    return None if record is None else Document.of(record)


async def files_of(view: View, records: Sequence[UUID]) -> list[tuple[str, bytes]]:
    """The finished documents of records, each with a name of its own, but what the store has lost or changed."""
    sql = "select * from document where record_id = any($1::uuid[]) and state = 'ready' order by kind, number, ready_at"
    found: dict[str, bytes] = {}
    for record in await view.fetch(sql, list(records)):
        name = f"{record['kind']}/{record['sha256'][:12]}-{file_name(record['number'], record['revision'])}"
        with suppress(FileNotFoundError, Damaged):
            found[name] = await load(record["sha256"])
    return list(found.items())


class Source(NamedTuple):
    """What a document is set from, frozen when it was asked for."""

    document: Document
    snapshot: Snapshot
    heading: Heading


async def source(view: View, document_id: UUID) -> Source:
    record = await view.one("select * from document where id = $1", document_id)
    kept = await view.one("select snapshot, letterhead_id from document_source where document_id = $1", document_id)
    if record is None or kept is None:
        raise NotFound()
    return Source(Document.of(record), kept["snapshot"], await heading(view, kept["letterhead_id"]))


async def of_record(view: View, kind: str, record_id: UUID, revision: int = 1) -> Stored:
    """What a record's own page says of its document; `absent` before anybody asked for it."""
    sql = (
        "select * from document where kind = $1 and record_id = $2 and revision = $3 order by requested_at desc limit 1"
    )
    record = await view.one(sql, kind, record_id, revision)
    return stored(kind, record_id, None if record is None else Document.of(record))


def stored(kind: str, record_id: UUID, document: Document | None, *, awaited: bool = False) -> Stored:
    """The document as the component of pages shows it; one that somebody waits for opens as soon as it is ready."""
    place = f"/documents/{kind}/{record_id}"
    shown: dict[str, Any] = {"title": FACES[kind].title, "href": f"{place}/file", "retry": f"{place}/retry"}
    if DOCUMENTS[kind].machine is not None:
        shown["xml"] = f"{SUBJECTS[kind].href.format(id=record_id)}/document.xml"
    if document is None:
        return Stored(state="absent", poll=f"{place}?{AWAITED}=1", **shown)
    ready = document.state == "ready"
    return msgspec.structs.replace(
        Stored(state="preparing" if document.state == "pending" else document.state, **shown),
        poll=f"{place}?{AWAITED}=1" if awaited else place,
        arrived=awaited and ready,
        created_at=document.ready_at,
        size=document.size,
        detail=told(document.error) if document.state == "failed" else "",
        digest=document.sha256 or "",
    )
