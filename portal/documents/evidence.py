"""Documents for evidence: what nobody opened before is made now, as whoever asks for the evidence would get it; what
cannot be had is told with the reason.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from portal.documents.commands import made
from portal.documents.queries import wanted
from portal.documents.troubles import told
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.refusals import Away, Refusal
from portal.platform.wiring import DOCUMENTS
from portal.platform.work import viewing

MOST: Final = 500  # records whose documents are looked for; a document takes about a second to make
_KINDS: Final = """
select distinct on (subject_id) subject_id as id, subject_kind as kind, subject as number from audit_entry
where subject_id = any($1::uuid[]) and subject_kind = any($2::text[]) order by subject_id, id desc
"""
_READY: Final = "select record_id, revision from document where record_id = any($1::uuid[]) and state = 'ready'"


class Missing(NamedTuple):
    """A document that is not among the files, and why."""

    kind: str
    record_id: UUID
    number: str
    revision: int | None
    reason: str


async def completed(actor: Actor, records: Sequence[UUID], tell: Callable[[float], None]) -> list[Missing]:
    """Make the documents of those of the records that have any and that nobody opened yet; gives what is missing still.
    `tell` hears how far it is (0 to 1). Each is made in transactions of its own, so it is called outside of any."""
    async with viewing(actor) as view:
        rows = await view.fetch(_KINDS, records, list(DOCUMENTS))
        ready = {(row["record_id"], row["revision"]) for row in await view.fetch(_READY, records)}
    missing: list[Missing] = []
    for number, row in enumerate(rows):
        tell(number / len(rows))
        if number < MOST:
            missing += await _completed(actor, row, ready)
        elif not _has_one(row, ready):
            missing.append(_missing(row, None, _("More than {most} records: narrow the evidence down.", most=MOST)))
    return missing


async def _completed(actor: Actor, row: Any, ready: set[tuple[UUID, int]]) -> list[Missing]:
    """Make the document as it is to be today, unless it is there; what came before it can be made no more."""
    try:
        async with viewing(actor) as view:
            revision = (await wanted(view, row["kind"], row["id"])).identity.revision
        if (row["id"], revision) not in ready:
            await _make(actor, row)
    except Away:
        raise  # what cannot be made now is not missing
    except Refusal as refusal:
        return [] if _has_one(row, ready) else [_missing(row, None, refusal.message)]
    unopened = _("Nobody opened this revision while it held, so it was never made.")
    return [_missing(row, each, unopened) for each in range(1, revision) if (row["id"], each) not in ready]


async def _make(actor: Actor, row: Any) -> None:
    """Raises the refusal that says why there is none."""
    if actor.person_id is None:
        raise Refusal(_("Nobody opened it yet, and this evidence was asked for by no person: open it in the portal."))
    document = await made(actor, row["kind"], row["id"])
    if document.state != "ready":
        raise Refusal(told(document.error) or _("This document could not be made. You can have it tried again."))


def _has_one(row: Any, ready: set[tuple[UUID, int]]) -> bool:
    return any(record == row["id"] for record, _revision in ready)


def _missing(row: Any, revision: int | None, reason: Message | str) -> Missing:
    return Missing(row["kind"], row["id"], row["number"], revision, str(reason))
