"""What the scheduler does for files: look again at what waits, give up what nobody sends, free the room."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import obstore

from portal.documents.store import place, reached, require_own
from portal.evidence import quarantine
from portal.evidence.commands.check import check, shelf
from portal.evidence.events import FileAbandoned
from portal.evidence.rules import DAYS_TO_ARRIVE
from portal.evidence.states import FILE, SERVED, S
from portal.evidence.tables import EvidenceFile
from portal.platform.actor import Actor
from portal.platform.work import changing, viewing

AT_ONCE = 200
PATIENCE = timedelta(minutes=10)  # after which a file whose job was lost is looked at again
YOUNG = timedelta(hours=2)  # bytes that came since then may still get their row
_WAITING = (
    "select id from evidence_file where owner_id = $1 and state = $2 and created_at < $3 order by created_at limit $4"
)
# What is held now stays, also where it was deleted this morning.
_KNOWN = """
select sha256, preview_sha256 from evidence_file f where owner_id = $1 and (state = any($2::text[])
  or state = 'deleted' and portal.is_held(array[f.id, f.record_id], array[f.owner_id, f.buyer_id, f.supplier_id],
    f.created_at::date))
"""


async def again(actor: Actor) -> None:
    """Look again at files that were left waiting: the scanner was away, or the job was lost."""
    before = datetime.now(UTC) - PATIENCE
    async with viewing(actor) as view:
        waiting = await view.fetch(_WAITING, actor.organisation_id, S.QUARANTINED, before, AT_ONCE)
    for each in waiting:
        await check(actor, each["id"])


async def give_up(actor: Actor) -> int:
    """Forget files that nobody went on sending for two days; gives how many."""
    async with changing(actor) as change:
        before = change.now - timedelta(days=DAYS_TO_ARRIVE)
        condition = "owner_id = $1 and state = 'uploading' and created_at < $2 order by created_at limit $3 for update"
        files = await change.rows(EvidenceFile, condition, actor.organisation_id, before, AT_ONCE)
        for file in files:
            FILE.take("abandon", file, change)
            change.write(file)
            change.record(FileAbandoned(file.id), file, root_id=file.record_id)
    for file in files:
        await quarantine.forget(file.owner_id, file.id)
    return len(files)


async def forget_bytes(actor: Actor) -> int:
    """Destroy bytes that no file of the organisation has any more: of deleted ones, and of processes that died. Another
    portal knows other files: in its store nothing is looked for."""
    await require_own()
    before = datetime.now(UTC) - YOUNG
    async with viewing(actor) as view:
        rows = await view.fetch(_KNOWN, actor.organisation_id, list(SERVED))
        unsettled = await view.fetch(
            "select id from evidence_file where owner_id = $1 and state in ('uploading', 'quarantined')",
            actor.organisation_id,
        )
    known, gone = {digest for row in rows for digest in row if digest}, 0
    with reached():
        async for batch in obstore.list(place(), prefix=shelf(actor.organisation_id)):
            for each in batch:
                if each["path"].rpartition("/")[2] not in known and each["last_modified"] < before:
                    with suppress(FileNotFoundError):
                        await obstore.delete_async(place(), each["path"])
                    gone += 1
    return gone + await quarantine.forget_strays(actor.organisation_id, {row["id"] for row in unsettled}, before)
