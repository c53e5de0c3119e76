"""How far something is, sent to a page for as long as it goes on.

What is told is what the database says, so a page that is loaded anew, or a second one, sees the same. Before each word
it is asked again who listens. A stream ends by itself after a while, and the browser asks anew; after the end comes one
word that makes the page show what came of it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final, NamedTuple

from litestar import Request
from litestar.response import ServerSentEvent, ServerSentEventMessage

from portal.access.guards import allowed
from portal.access.identify import present_actor
from portal.platform.actor import Actor

EVERY: Final = 0.5  # seconds between two looks
LASTS: Final = 20.0  # seconds of one stream
AGAIN: Final = 300  # milliseconds until the browser asks anew
TOLD, OVER = "told", "over"


class Watched(NamedTuple):
    """What is watched: how to look at it now, the piece of the page that tells of it, the states in which it goes on,
    and the permission of whoever listens."""

    look: Callable[[], Awaitable[Any]]
    piece: Callable[[Any], str]
    under_way: tuple[str, ...]
    permission: str


async def progress(request: Request[Any, Any, Any], actor: Actor, watched: Watched) -> ServerSentEvent:
    """The answer; what its reader may not see is refused before it begins."""
    return ServerSentEvent(_told(request, actor, watched, await watched.look()))


async def _told(
    request: Request[Any, Any, Any], actor: Actor, watched: Watched, shown: Any
) -> AsyncIterator[ServerSentEventMessage]:
    clock = asyncio.get_running_loop()
    until, before = clock.time() + LASTS, ""
    while shown.state in watched.under_way and clock.time() < until:
        piece = watched.piece(shown)
        if piece != before:
            yield ServerSentEventMessage(event=TOLD, data=piece, retry=AGAIN)
            before = piece
        await asyncio.sleep(EVERY)
        if not await _still_may(request, actor, watched.permission):
            return
        shown = await watched.look()
    if shown.state not in watched.under_way:
        yield ServerSentEventMessage(event=OVER, data=shown.state)


async def _still_may(request: Request[Any, Any, Any], actor: Actor, permission: str) -> bool:
    """Whether whoever listens is still signed in, acts for the same organisation, and may still look."""
    present = await present_actor(request)
    if present is None or present.organisation_id != actor.organisation_id:
        return False
    return allowed(present, permission)
