"""How far a run is, sent to a page for as long as it runs."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import ServerSentEvent

from portal.access.guards import Acting, allowed, may
from portal.operations import progress as stream
from portal.operations.desk import queries
from portal.operations.desk.forms import ImportOut
from portal.operations.desk.states import UNDER_WAY
from portal.platform.actor import Actor
from portal.platform.work import viewing
from portal.web.render import render


@get("/imports/{file_import_id:uuid}/progress", guards=[may("imports:read")], include_in_schema=False)
async def progress(request: Request[Any, Any, Any], actor: Acting, file_import_id: FromPath[UUID]) -> ServerSentEvent:
    """The progress as pieces of the page; after the end one word that makes the page show what came of it."""
    look = partial(_now, actor, file_import_id)
    return await stream.progress(
        request, actor, stream.Watched(look, partial(_piece, actor), UNDER_WAY, "imports:read")
    )


def _piece(actor: Actor, shown: ImportOut) -> str:
    told: dict[str, Any] = {"shown": shown, "runs": allowed(actor, "imports:run")}
    return render("imports/progress.html", **told)


async def _now(actor: Actor, import_id: UUID) -> ImportOut:
    async with viewing(actor) as view:
        return await queries.import_out(view, import_id)


HANDLERS = [progress]
