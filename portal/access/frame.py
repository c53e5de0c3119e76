"""The frame of every page: who reads it, their menu, their organisations, their language and time zone."""

from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from litestar.types import Message, Scope

from portal.access.guards import allowed
from portal.platform.actor import Actor
from portal.platform.i18n import current_language
from portal.platform.wiring import MENU
from portal.web import flash
from portal.web.context import THEMES, MenuItem, PageContext, current, nobody_may


def set_frame(scope: Scope) -> None:
    """Tell the templates about this request; known before any guard, so that a refusal stands in the frame too."""
    state: Any = scope["state"]
    actor: Actor | None = state["actor"]
    theme = state["cookies"].get("theme", "")
    current.set(
        PageContext(
            actor=actor,
            csrf=state["csrf"],
            path=scope["path"],
            query=tuple(parse_qsl(scope["query_string"].decode("latin-1"), max_num_fields=100)),
            menu=menu_of(actor) if actor else (),
            organisations=state["organisations"],
            language=current_language(),
            time_zone=actor.time_zone if actor else "UTC",
            theme=theme if theme in THEMES else THEMES[0],
            flash=_heard(scope),
            request_id=state["request_id"],
            may=partial(allowed, actor) if actor else nobody_may,
        )
    )


def menu_of(actor: Actor) -> list[MenuItem]:
    """The entries of this actor's side whose pages they may open."""
    ours = (
        entry for entry in MENU if not entry.side or (actor.is_buyer if entry.side == "buyer" else not actor.is_buyer)
    )
    entries = sorted(ours, key=lambda entry: entry.place)
    return [MenuItem(entry.title, entry.href, entry.icon) for entry in entries if allowed(actor, entry.permission)]


async def forget_flash(message: Message, scope: Scope) -> None:
    """What a page has said is not said again (`before_send` of the app)."""
    if message["type"] == "http.response.start" and scope.get("state", {}).get("flash_heard"):
        message["headers"] = [*message.get("headers", ()), (b"set-cookie", flash.forgotten())]


def _heard(scope: Scope) -> tuple[Any, ...]:
    """Only a whole page says it: a fragment or a sent form would swallow it unseen."""
    state: Any = scope["state"]
    if flash.COOKIE not in state["cookies"] or scope.get("method") != "GET":
        return ()
    if any(name == b"hx-request" for name, _value in scope["headers"]):
        return ()
    state["flash_heard"] = True
    return flash.heard(state["cookies"])
