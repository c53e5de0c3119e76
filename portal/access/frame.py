"""The frame of every page: who reads it, their menu, their organisations, their language and time zone."""

from typing import Any

from litestar import Request

from portal.access.guards import allowed
from portal.platform.actor import Actor
from portal.platform.i18n import current_language
from portal.platform.wiring import MENU
from portal.web.context import MenuItem, PageContext, current


async def set_frame(request: Request[Any, Any, Any]) -> None:
    """Tell the templates about this request (`before_request` of the pages)."""
    state = request.scope["state"]
    actor: Actor | None = state["actor"]
    current.set(
        PageContext(
            actor=actor,
            csrf=state["csrf"],
            path=request.url.path,
            query=tuple(request.query_params.multi_items()),
            menu=menu_of(actor) if actor else (),
            organisations=state["organisations"],
            language=current_language(),
            time_zone=actor.time_zone if actor else "UTC",
            theme=state["cookies"].get("theme", "system"),
            request_id=state["request_id"],
        )
    )


def menu_of(actor: Actor) -> list[MenuItem]:
    """The entries whose pages this actor may open."""
    entries = sorted(MENU, key=lambda entry: entry.place)
    return [MenuItem(entry.title, entry.href, entry.icon) for entry in entries if allowed(actor, entry.permission)]
