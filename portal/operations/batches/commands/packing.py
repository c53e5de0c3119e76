"""Packing the zip of a batch, once all its documents are there."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from portal.documents.store import Damaged, load, remove, store_file
from portal.invoicing.queries import e_invoice
from portal.operations.batches import queries
from portal.operations.batches.archive import Archive
from portal.operations.batches.events import BatchReady
from portal.operations.batches.forms import Part
from portal.operations.batches.rules import KEPT, Names
from portal.operations.batches.states import BATCH
from portal.operations.batches.tables import Batch
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.work import changing, viewing
from portal.platform.workshop import workshop

_NAMED: Final = (
    "select distinct sha256 from batch where organisation_id = $1 and state = 'ready' and sha256 = any($2::text[])"
)


def shelf(organisation_id: UUID) -> str:
    """Where an organisation's batches lie in the store."""
    return f"batches/{organisation_id}"


async def pack(actor: Actor, batch: Batch, reader: Actor) -> None:
    """All files into one, and that into the store; the XML is written as whoever asked reads it."""
    async with viewing(actor) as view:
        parts = await queries.parts(view, batch.id)
    with workshop() as folder:
        path = Path(folder) / "batch.zip"
        archive, names, rows = Archive(path), Names(), list[list[str]]()
        for part in parts:
            rows.append(await _add(archive, names, batch, part, reader))
        titles = [_("Number"), _("Partner"), _("Date"), _("File"), "SHA-256", _("Not in it, because")]
        sha256, size = await asyncio.to_thread(archive.close, [str(each) for each in titles], rows)
        await store_file(path, sha256, shelf(batch.organisation_id))
    if not await _finish(actor, batch.id, (sha256, size, sum(1 for row in rows if row[-1]))):
        await forget(actor, [sha256])


async def _add(archive: Archive, names: Names, batch: Batch, part: Part, reader: Actor) -> list[str]:
    """One document, with its XML beside it; gives its line of the list of contents."""
    told = [part.number, part.partner, part.dated.isoformat()]
    if part.sha256 is None:
        return [*told, "", "", part.problem]
    try:
        data = await load(part.sha256)
    except (FileNotFoundError, Damaged):
        return [*told, "", "", str(_("The file is damaged or lost. An administrator has to know of it."))]
    name = names.of(part.partner, part.number)
    await asyncio.to_thread(archive.add, f"{name}.pdf", data)
    if batch.with_xml:
        async with viewing(reader) as view:
            written = await e_invoice(view, batch.kind, part.record_id, "ubl")
        await asyncio.to_thread(archive.add, f"{name}.xml", written.xml)
    return [*told, f"{name}.pdf", part.sha256, ""]


async def _finish(actor: Actor, batch_id: UUID, made: tuple[str, int, int]) -> bool:
    """Whether somebody still wanted it."""
    async with changing(actor, Batch, batch_id) as (change, batch):
        if batch.state != "making":
            return False
        BATCH.take("finish", batch, change)
        batch.sha256, batch.size, batch.lacking = made
        batch.ready_at, batch.expires_at = change.now, change.now + KEPT
        change.write(batch)
        change.record(BatchReady(batch_id, batch.sha256, batch.lacking), batch, root_id=batch_id)
    return True


async def forget(actor: Actor, digests: Sequence[str]) -> None:
    """Delete those files that no batch of the organisation names."""
    async with viewing(actor) as view:
        named = {row["sha256"] for row in await view.fetch(_NAMED, actor.organisation_id, list(digests))}
    for digest in set(digests) - named:
        await remove(digest, shelf(actor.organisation_id))
