"""Disposing of documents that were kept long enough: their snapshot, their file, and a certificate that says so.

A legal hold of either side stops it, in the database itself. The record they were made from is not touched, and nobody
makes the document anew.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from portal.audit.commands import certify
from portal.audit.queries import kept_until
from portal.documents.own import require_own
from portal.documents.rules import dated
from portal.documents.store import is_kept, remove
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from portal.platform.refusals import Away
from portal.platform.wiring import Job
from portal.platform.work import View, changing, viewing

FORGET = "documents.forget"
AT_ONCE = 500  # documents under one certificate
# A document is younger than its record, never older: what was asked for later than this is not due.
_OLD = """
select d.id, d.kind, d.record_id, d.number, d.revision, coalesce(d.sha256, '') as sha256, s.snapshot, o.country,
  portal.is_held(array[d.id, d.record_id], array[d.owner_id, d.shown_to], d.requested_at::date) as held
from document d join document_source s on s.document_id = d.id join organisation o on o.id = d.owner_id
where d.owner_id = $1 and d.state <> 'pending' and d.requested_at < $2::date order by d.id
"""

_UNNAMED = """
select digest from portal.unnamed_files(array(select sha256 from disposal_item where disposal_id = $1 and sha256 <> ''))
  digest
"""


class Due(NamedTuple):
    """A document whose time is over; `held` if a legal hold keeps it all the same."""

    id: UUID
    line: tuple[str, str, str, str, str]
    dated: date
    kept_until: date
    country: str
    held: bool


class Disposed(NamedTuple):
    """What was, or would be, destroyed, and what holds keep; `number` of the certificate or certificates."""

    due: list[Due]
    held: list[Due]
    number: str = ""


async def dispose(actor: Actor, *, really: bool) -> Disposed:
    """Dispose of what the actor's organisation has kept long enough; without `really` only say what that is."""
    async with viewing(actor) as view:
        found = list(_due(await _old(view), await view.value("select portal.now()::date")))
    due, held = [each for each in found if not each.held], [each for each in found if each.held]
    if not really:
        return Disposed(due, held)
    parts = [due[start : start + AT_ONCE] for start in range(0, len(due), AT_ONCE)]
    return Disposed(due, held, ", ".join([await _destroy(actor, part) for part in parts]))


async def _destroy(actor: Actor, due: list[Due]) -> str:
    """Under one certificate, whose number is given; files that nothing names any more go once that is certain: at once,
    or by the job that is inserted with the certificate if this process dies before."""
    await require_own()
    if digest := due[0].line[-1]:
        await is_kept(digest)  # a store that is away says so before anything is certified
    async with changing(actor) as change:
        certificate_id = new_id()
        for each in due:
            values = (each.id, certificate_id, each.dated, each.kept_until)
            await change.fetch("select portal.dispose_document($1, $2, $3, $4)", *values)
        lines = [each.line for each in due]
        certificate = await certify(change, certificate_id, due[0].country, change.now.date(), lines)
        change.later(Job(FORGET, actor.organisation_id, {"certificate_id": certificate_id}))
    with suppress(Away):  # the job waits until the store is back
        await forget(actor, certificate_id)
    return certificate.number


async def forget(actor: Actor, certificate_id: UUID) -> None:
    """Destroy the bytes of what was certified, but for those that a document names; safe to do twice."""
    async with viewing(actor) as view:
        unnamed = await view.fetch(_UNNAMED, certificate_id)
    for row in unnamed:
        await remove(row["digest"])


async def _old(view: View) -> list[Any]:
    today = await view.value("select portal.now()::date")
    return await view.fetch(_OLD, view.actor.organisation_id, today)


def _due(rows: Iterable[Any], today: date) -> Iterable[Due]:
    for row in rows:
        day = dated(row["kind"], row["snapshot"]).date()
        until = kept_until(row["kind"], row["country"], day)
        if until is not None and until < today:
            line = (row["kind"], str(row["record_id"]), row["number"], str(row["revision"]), row["sha256"])
            yield Due(row["id"], line, day, until, row["country"], row["held"])
