"""How far somebody wrote travels with them: a session's browser keeps it in a cookie, a program in a header.

It says nothing of what was written, and whoever changes it changes only what they read themselves.
"""

from typing import Any, Final

from litestar.types import Message, Scope

from portal.platform import position
from portal.platform.actor import Actor
from portal.platform.settings import settings

COOKIE: Final = "position"
HEADER: Final = b"portal-position"


def bring(actor: Actor | None, headers: dict[bytes, bytes], cookies: dict[str, str]) -> None:
    """What the request brings. A session without any wrote nothing for a minute; a program that brings none may have
    written just now, through another process: it is served by the database itself."""
    if actor is None:
        position.begin(None)
    elif actor.request.via == "session":
        position.begin(cookies.get(COOKIE, position.ANY))
    else:
        position.begin(headers.get(HEADER, b"").decode("latin-1"))


async def carry(message: Message, _scope: Scope) -> None:
    """Let whoever wrote know how far (`before_send` of the app)."""
    if message["type"] != "http.response.start" or not (written := position.present().written):
        return
    secure = "; Secure" if settings().secure else ""
    cookie = f"{COOKIE}={written}; Max-Age={position.CARRIED}; Path=/; HttpOnly; SameSite=Lax{secure}"
    carried: list[Any] = [(HEADER, written.encode()), (b"set-cookie", cookie.encode())]
    message["headers"] = [*message.get("headers", ()), *carried]
