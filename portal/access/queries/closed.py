"""Sessions that are over: why, for the browser that still holds the secret of one."""

from typing import Any, Final

from portal.access.queries.identities import IDLE, key_of
from portal.platform.gate import gate
from portal.platform.i18n import Message, _

# A secret that never opened a session, and one of before a restore, are answered alike.
_OVER: Final = _("Your session is over. Sign in again.")
_WHY: Final[dict[str, Message]] = {
    "idle": _("You were signed out because nothing was done for a while. Sign in again to go on."),
    "expired": _("Your session lasted as long as your company lets one last. Sign in again to go on."),
    "rights": _("Your roles were changed, so you were signed out. Sign in again to work with those you have now."),
    "removed": _("Your access to the company was ended or suspended. Its administrators can give it back."),
    "elsewhere": _("You ended this session from another one of yours. Sign in again to go on here."),
    "administrator": _("An administrator of your company ended your sessions. Sign in again to go on."),
    "password": _("Your password was changed, so you were signed out. Sign in with the new one."),
    "factor": _("Your second factors were removed, so you were signed out. Sign in again to set up new ones."),
    "looking": _("The time for looking as a colleague is over, so you were signed out. Sign in again to go on."),
    "signed-out": _("You have signed out."),
}


async def why_signed_out(token: str) -> Message:
    """Why a session lets nobody in any more. Its secret is known to its own browser alone, and so is the reason."""
    async with gate() as connection:
        why: Any = await connection.fetchval("select portal.why_signed_out($1, $2)", key_of(token), IDLE)
    return _WHY.get(why, _OVER)
