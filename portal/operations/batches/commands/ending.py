"""The end of batches: files whose time is over go, and what nobody makes any more says so."""

from typing import Final

from portal.operations.batches.commands.making import fail
from portal.operations.batches.commands.packing import forget
from portal.operations.batches.events import BatchExpired
from portal.operations.batches.rules import KEPT, SILENT
from portal.operations.batches.states import BATCH, OVER, UNDER_WAY
from portal.operations.batches.tables import Batch
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.work import changing, viewing

LOOK_AFTER: Final = "batches.look-after"
AT_ONCE: Final = 500
_OLD: Final = """
delete from batch_document d using batch b where b.id = d.batch_id and b.organisation_id = $1
  and b.state = any($2::text[]) and b.asked_at < $3
"""
_OVER: Final = (
    "organisation_id = $1 and state = 'ready' and expires_at <= $2 order by id limit $3 for no key update skip locked"
)
_SILENT: Final = (
    "select b.id from batch b join batch_turn t on t.batch_id = b.id where b.organisation_id = $1 "
    "and b.state = any($2::text[]) and greatest(t.at, (select max(d.done_at) from batch_document d "
    "where d.batch_id = b.id)) < portal.now() - $3::interval"
)


async def look_after(actor: Actor) -> None:
    """Delete the files that were there long enough, but those that a younger batch names; give up what stands still.
    What was in one that is over is forgotten as late."""
    async with changing(actor) as change:
        over = await change.rows(Batch, _OVER, actor.organisation_id, change.now, AT_ONCE)
        for batch in over:
            BATCH.take("expire", batch, change)
            change.write(batch)
            change.record(BatchExpired(batch.id, batch.sha256), batch, root_id=batch.id)
        await change.fetch(_OLD, actor.organisation_id, OVER, change.now - KEPT)
    await forget(actor, [batch.sha256 for batch in over])
    async with viewing(actor) as view:
        silent = [row["id"] for row in await view.fetch(_SILENT, actor.organisation_id, UNDER_WAY, SILENT)]
    for batch_id in silent:
        await fail(actor, batch_id, str(_("Nobody went on with it. Ask for it again: what was made is there still.")))
