"""How far a run is, sent to a page for as long as it runs.

What is told is what the database says, so a page that is loaded anew, or a second one, sees the same. Before each word
it is asked again who listens. A stream ends by itself after a while, and the browser asks anew.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import ServerSentEvent, ServerSentEventMessage

from portal.access.guards import Acting, allowed, may
from portal.access.identify import present_actor
from portal.operations.desk import queries
from portal.operations.desk.forms import ImportOut
from portal.operations.desk.states import UNDER_WAY
from portal.platform.actor import Actor
from portal.platform.work import viewing
from portal.web.render import render

AnyRequest = Request[Any, Any, Any]
EVERY = 0.5  # seconds between two looks
LASTS = 20.0  # seconds of one stream
AGAIN = 300  # milliseconds until the browser asks anew
TOLD, OVER = "told", "over"


@get("/imports/{file_import_id:uuid}/progress", guards=[may("imports:read")], include_in_schema=False)
async def progress(request: AnyRequest, actor: Acting, file_import_id: FromPath[UUID]) -> ServerSentEvent:
    """The progress as pieces of the page; after the end one word that makes the page show what came of it."""
    first = await _now(actor, file_import_id)
    return ServerSentEvent(_told(request, actor, first))


async def _told(request: AnyRequest, actor: Actor, shown: ImportOut) -> AsyncIterator[ServerSentEventMessage]:
    clock = asyncio.get_running_loop()
    until, before = clock.time() + LASTS, ""
    while shown.state in UNDER_WAY and clock.time() < until:
        piece = _piece(actor, shown)
        if piece != before:
            yield ServerSentEventMessage(event=TOLD, data=piece, retry=AGAIN)
            before = piece
        await asyncio.sleep(EVERY)
        if not await _still_may(request, actor):
            return
        shown = await _now(actor, shown.id)
    if shown.state not in UNDER_WAY:
        yield ServerSentEventMessage(event=OVER, data=shown.state)


async def _still_may(request: AnyRequest, actor: Actor) -> bool:
    """Whether whoever listens is still signed in, acts for the same organisation, and may read imports."""
    present = await present_actor(request)
    if present is None or present.organisation_id != actor.organisation_id:
        return False
    return allowed(present, "imports:read")


def _piece(actor: Actor, shown: ImportOut) -> str:
    told: dict[str, Any] = {"shown": shown, "runs": allowed(actor, "imports:run")}
    return render("imports/progress.html", **told)


async def _now(actor: Actor, import_id: UUID) -> ImportOut:
    async with viewing(actor) as view:
        return await queries.import_out(view, import_id)


HANDLERS = [progress]
