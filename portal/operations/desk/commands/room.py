"""How much room an organisation's imports may take, and giving it back: bytes that nobody needs are forgotten."""

from collections.abc import Sequence
from datetime import timedelta

from portal.operations.desk import store
from portal.operations.desk.events import FilesForgotten
from portal.operations.desk.states import AT_REST
from portal.operations.desk.tables import ImportFile
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.work import Change, changing, viewing

MOST_OPEN = 50  # imports that are not over, of one organisation
MOST_BYTES = 5_000_000_000  # of the files of all its imports
KEPT = timedelta(days=30)  # that the bytes of files are kept after the last act
ON_THEIR_WAY = timedelta(days=1)  # that bytes may wait for their row
TURN = "select pg_advisory_xact_lock(hashtextextended('import room ' || portal.organisation()::text, 0))"


async def require_place(change: Change) -> None:
    sql = "select count(*) from file_import where organisation_id = $1 and state = any($2)"
    if await change.value(sql, change.actor.organisation_id, [*map(str, AT_REST)]) >= MOST_OPEN:
        raise Conflict(_("{most} imports are being prepared already. Discard those that nobody needs.", most=MOST_OPEN))


async def require_room(change: Change, more: int) -> None:
    """Whether so many more bytes may be kept; two who bring files at once take turns."""
    await change.fetch(TURN)
    sql = "select coalesce(sum(size), 0) from import_file where organisation_id = $1 and forgotten_at is null"
    if int(await change.value(sql, change.actor.organisation_id)) + more > MOST_BYTES:
        most = f"{MOST_BYTES / 1_000_000_000:g}"
        raise Conflict(_("The files of your imports would take more than {most} GB. Discard imports first.", most=most))


def forget(change: Change, files: Sequence[ImportFile]) -> None:
    """Note that the bytes are gone; who calls deletes them after the commit."""
    for file in files:
        file.forgotten_at = change.now
        change.sql("delete from import_sample where file_id = $1", file.id)
    change.write_all(files)


async def forget_old_files(actor: Actor) -> int:
    """Delete the bytes of files that nobody needs any more; gives how many."""
    async with changing(actor) as change:
        change.require("system:act")
        files = await change.rows(
            ImportFile,
            "forgotten_at is null and exists (select from file_import i where i.id = import_id and "
            "i.state not in ('queued', 'running') and coalesce(i.ended_at, i.started_at, i.created_at) < $1)",
            change.now - KEPT,
        )
        if not files:
            return 0
        forget(change, files)
        change.record(FilesForgotten(len(files)), files[0])
    for file in files:
        await store.forget(actor.organisation_id, file.id)
    return len(files)


async def forget_strays(actor: Actor) -> int:
    """Delete bytes that no import knows of; gives how many files."""
    async with viewing(actor) as view:
        rows = await view.fetch("select id from import_file where forgotten_at is null")
        now = await view.value("select portal.now()")
    return await store.forget_strays(actor.organisation_id, {row["id"] for row in rows}, now - ON_THEIR_WAY)
