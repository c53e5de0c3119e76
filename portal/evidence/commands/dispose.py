"""Disposing of attached files: each follows the rule of the record that it belongs to, and no file goes without one.

A file is as old as its record, or as itself where it was attached later. Its row stays and says what became of it.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from portal.audit.commands import certify
from portal.audit.queries import kept_until
from portal.documents.store import remove, require_own
from portal.evidence.commands.check import shelf
from portal.evidence.events import FileDisposed
from portal.evidence.states import FILE, SERVED
from portal.evidence.tables import EvidenceFile
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from portal.platform.work import Change, changing, viewing

AT_ONCE = 500  # files under one certificate
# What dates a record of a kind, as in its document.
_DATED: Final = {
    "purchase-order": ("purchase_order", "issued_at"),
    "despatch-advice": ("despatch_advice", "despatched_at"),
    "service-entry": ("service_entry", "submitted_at"),
    "goods-receipt": ("goods_receipt", "booked_at"),
    "invoice": ("invoice", "submitted_at"),
    "credit-note": ("credit_note", "submitted_at"),
}
_RECORD = " union all ".join(
    f"select r.{instant} as at from {table} r where f.kind = '{kind}' and r.id = f.record_id"
    for kind, (table, instant) in _DATED.items()
)
_KEPT = f"""
select f.id, f.kind, f.record_number as number, f.name, f.sha256, f.preview_sha256, o.country,
  greatest(f.created_at, r.at)::date as dated,
  portal.is_held(array[f.id, f.record_id], array[f.owner_id, f.buyer_id, f.supplier_id], f.created_at::date) as held
from evidence_file f join organisation o on o.id = f.owner_id cross join lateral ({_RECORD}) r
where f.owner_id = $1 and f.state in ('clean', 'unscanned') order by f.id
"""
# A file that is being looked at may turn out to have the same bytes: then the night's tidying decides.
_STILL = """
select digest from unnest($2::text[]) gone (digest) where exists (select from evidence_file f where f.owner_id = $1
  and (f.state in ('uploading', 'quarantined') or f.state = any($3::text[]) and digest in (f.sha256, f.preview_sha256)))
"""


class DueFile(NamedTuple):
    """A file whose time is over; `kind` and `number` are its record's. `held` if a legal hold keeps it all the same."""

    id: UUID
    kind: str
    number: str
    name: str
    sha256: str
    dated: date
    kept_until: date
    country: str
    held: bool


class DisposedFiles(NamedTuple):
    """What was, or would be, destroyed, and what holds keep; `number` of the certificate or certificates."""

    due: list[DueFile]
    held: list[DueFile]
    number: str = ""


async def dispose(actor: Actor, *, really: bool) -> DisposedFiles:
    """Destroy what the organisation attached and has kept long enough; without `really` only say what that is."""
    async with viewing(actor) as view:
        found = list(
            _due(await view.fetch(_KEPT, actor.organisation_id), await view.value("select portal.now()::date"))
        )
    due, held = [each for each in found if not each.held], [each for each in found if each.held]
    if not really:
        return DisposedFiles(due, held)
    parts = [due[start : start + AT_ONCE] for start in range(0, len(due), AT_ONCE)]
    return DisposedFiles(due, held, ", ".join([await _destroy(actor, part) for part in parts]))


def _due(rows: Iterable[Any], today: date) -> Iterable[DueFile]:
    for row in rows:
        until = kept_until(row["kind"], row["country"], row["dated"])
        if until is not None and until < today:
            told = {name: row[name] for name in DueFile._fields if name != "kept_until"}
            yield DueFile(kept_until=until, **told)


async def _destroy(actor: Actor, due: Sequence[DueFile]) -> str:
    """Under one certificate, whose number is given. Bytes go once that is certain; what is left of them after an
    accident goes at night, with those of deleted files. Raises `Away` before anything is certified."""
    await require_own()
    async with changing(actor) as change:
        certificate_id = new_id()
        for each in due:
            values = (each.id, certificate_id, each.dated, each.kept_until)
            await change.fetch("select portal.certify_file($1, $2, $3, $4)", *values)
        lines = [("evidence-file", str(each.id), each.number, "1", each.sha256) for each in due]
        certificate = await certify(change, certificate_id, due[0].country, change.now.date(), lines)
        files = await change.rows(EvidenceFile, "id = any($1::uuid[]) order by id for update", [e.id for e in due])
        for file in files:
            _let_go(change, file, certificate_id)
    await _forget(actor, [digest for file in files for digest in (file.sha256, file.preview_sha256) if digest])
    return certificate.number


def _let_go(change: Change, file: EvidenceFile, certificate_id: UUID) -> None:
    FILE.take("dispose", file, change)
    change.write(file)
    change.record(FileDisposed(file.id, certificate_id), file, root_id=file.record_id)


async def _forget(actor: Actor, digests: list[str]) -> None:
    """Destroy those bytes that no other file of the organisation has."""
    async with viewing(actor) as view:
        still = await view.fetch(_STILL, actor.organisation_id, digests, list(SERVED))
    for digest in set(digests) - {row["digest"] for row in still}:
        await remove(digest, shelf(actor.organisation_id))
