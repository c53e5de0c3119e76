"""Whose rows a transaction sees, and when it says that it is: settings that hold until it ends."""

from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from portal.platform.openings import Said

_clock: ContextVar[datetime | None] = ContextVar("portal_clock", default=None)


def context_sql(organisation: UUID | None, person: UUID | None, scope: bytes = b"") -> str:
    """The statement that sets whose rows are seen until the transaction ends. All values are typed, none is text.

    `scope`, a JSON object of lists, narrows what the organisation sees to what a person looks after of it: the rest of
    the transaction reads as the role that is held to it.
    """
    moment = _clock.get()
    told = f", set_config('portal.now', '{moment.isoformat()}', true)" if moment else ""
    context = (
        f"SELECT set_config('portal.organisation', '{organisation or ''}', true), "
        f"set_config('portal.person', '{person or ''}', true){told}"
    )
    if not scope:
        return context
    return (
        f"{context}, set_config('portal.scope', convert_from('\\x{scope.hex()}', 'UTF8'), true); "
        "SET LOCAL ROLE portal_scoped"
    )


def opening_of_command(organisation: UUID | None, person: UUID | None) -> list[str | Said]:
    """What begins a command that finds rows by their keys and by nothing else: a plan that was made once serves always,
    and no scan of a table that was small when the plan was made is kept for when it is not."""
    if _clock.get():
        return ["BEGIN", f"{context_sql(organisation, person)}{_BY_KEYS}"]
    return ["BEGIN", Said(f"{_CONTEXT}{_BY_KEYS}", "text", (organisation, person))]


_CONTEXT = "SELECT set_config('portal.organisation', $1, true), set_config('portal.person', $2, true)"
_BY_KEYS = ", set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)"


def set_clock(moment: datetime | None) -> None:
    """From here on, in this task, it is `moment` for every command: how stories of months are told in seconds."""
    _clock.set(moment)
