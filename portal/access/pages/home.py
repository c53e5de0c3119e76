"""The first page: what waits for this person, queue by queue, as capabilities have wired them for their roles."""

from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from litestar import Response, get

from portal.access.guards import Acting, allowed, may
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.wiring import QUEUES, STARTS, Queue
from portal.platform.work import viewing
from portal.web import page
from portal.web.parts import Action, Waiting

CAP = 1000


class Work(NamedTuple):
    """One queue with what stands in it now."""

    queue: Queue
    number: int
    rows: list[Waiting]


@get("/", guards=[may("self:use")], include_in_schema=False)
async def home(actor: Acting) -> Response[Any]:
    async with viewing(actor) as view:
        work = [Work(queue, *await queue.load(view)) for queue in queues_of(actor)]
    work = [each for each in work if each.number or not each.queue.quiet]
    return page("home/show.html", work=work, greeting=_greeting(actor), cap=CAP, starts=starts_of(actor))


def queues_of(actor: Actor) -> list[Queue]:
    """The queues of the actor's roles that they may open, each once, the most urgent kind first."""
    wired = {id(queue): queue for role in sorted(actor.roles) for queue in QUEUES.get(role, ())}
    return sorted((q for q in wired.values() if allowed(actor, q.permission)), key=lambda queue: queue.place)


def starts_of(actor: Actor) -> list[Action]:
    """What the actor may begin right here."""
    entries = sorted((entry for entry in STARTS if allowed(actor, entry.permission)), key=lambda entry: entry.place)
    return [Action(entry.title, entry.href, "primary", entry.icon, post=False) for entry in entries]


def _greeting(actor: Actor) -> Message:
    hour = datetime.now(UTC).astimezone(ZoneInfo(actor.time_zone)).hour
    if hour < 12:
        return _("Good morning, {name}", name=actor.name)
    return _("Good afternoon, {name}", name=actor.name) if hour < 18 else _("Good evening, {name}", name=actor.name)


HANDLERS = [home]
