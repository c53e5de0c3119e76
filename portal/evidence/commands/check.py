"""Looking at a file that came: what it is, what the scanner says, its preview; then it leaves quarantine or goes."""

import asyncio
import hashlib
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import structlog

from portal.documents.store import store_file
from portal.evidence import preview, quarantine, scanner
from portal.evidence.events import FileChecked, FileInfected, FileRefused
from portal.evidence.rules import DRAWN, cleaned
from portal.evidence.scanner import Verdict
from portal.evidence.sniffing import Unfit, media_type_of
from portal.evidence.states import FILE, S
from portal.evidence.tables import EvidenceFile
from portal.platform.actor import Actor
from portal.platform.refusals import NotFound
from portal.platform.work import Change, changing, viewing
from portal.platform.workshop import workshop

log = structlog.get_logger("evidence")
CHECK = "evidence.check"


class Found(NamedTuple):
    """What a file turned out to be; no verdict where no scanner is set."""

    media_type: str
    sha256: str
    verdict: Verdict | None
    preview: str | None = None


async def check(actor: Actor, file_id: UUID) -> None:
    """Run by a job as its owner's system actor; done twice it does no harm. Raises Unanswered without the scanner."""
    async with viewing(actor) as view:
        found = await view.one(
            "select * from evidence_file where id = $1 and owner_id = $2", file_id, view.actor.organisation_id
        )
    if found is None:
        raise NotFound()
    file = EvidenceFile.of(found)
    if file.state != S.QUARANTINED:
        return
    with workshop() as folder:
        try:
            seen = await _look(Path(folder), file)
        except Unfit as unfit:
            await _refuse(actor, file_id, str(unfit))
        else:
            await _settle(actor, file_id, seen)
    await quarantine.forget(file.owner_id, file.id)


async def _look(folder: Path, file: EvidenceFile) -> Found:
    path = folder / "file"
    await quarantine.fetch(file.owner_id, file.id, path)
    media_type = await asyncio.to_thread(media_type_of, path, file.name)
    digest = await asyncio.to_thread(_digest, path)
    verdict = await scanner.ask(path)
    if verdict is not None and verdict.finding:
        return Found(media_type, digest, verdict)
    await store_file(path, digest, shelf(file.owner_id))
    return Found(media_type, digest, verdict, await _preview(folder, path, media_type, file.owner_id))


async def _preview(folder: Path, path: Path, media_type: str, owner_id: UUID) -> str | None:
    drawn = folder / "preview"
    if media_type not in DRAWN or not await preview.draw(path, drawn):
        return None
    digest = _digest(drawn)
    await store_file(drawn, digest, shelf(owner_id))
    return digest


async def _settle(actor: Actor, file_id: UUID, seen: Found) -> None:
    async with changing(actor, EvidenceFile, file_id) as (change, file):
        if file.state != S.QUARANTINED:
            return
        file.media_type, file.sha256, file.checked_at = seen.media_type, seen.sha256, change.now
        file.name, file.preview_sha256 = cleaned(file.name, seen.media_type), seen.preview
        change.write(file)
        _judge(change, file, seen.verdict)


def _judge(change: Change, file: EvidenceFile, verdict: Verdict | None) -> None:
    file.scanner = "" if verdict is None else verdict.scanner
    if verdict is not None and verdict.finding:
        FILE.take("condemn", file, change)
        file.finding = verdict.finding[:200]
        change.record(FileInfected(file.id, file.name, file.finding), file, root_id=file.record_id)
        log.error("an attached file is infected", file=str(file.id), owner=str(file.owner_id), finding=file.finding)
        return
    FILE.take("pass_unscanned" if verdict is None else "clear", file, change)
    change.record(FileChecked(file.id, str(file.sha256), file.scanner), file, root_id=file.record_id)


async def _refuse(actor: Actor, file_id: UUID, reason: str) -> None:
    async with changing(actor, EvidenceFile, file_id) as (change, file):
        if file.state != S.QUARANTINED:
            return
        FILE.take("refuse", file, change)
        file.checked_at = change.now
        change.write(file)
        change.record(FileRefused(file.id, reason), file, root_id=file.record_id)


def shelf(owner_id: UUID) -> str:
    """Where an organisation's files lie in the store: the same bytes of two organisations lie twice, so that neither
    learns that the other has them, and each can have its own destroyed."""
    return f"evidence/{owner_id}"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
