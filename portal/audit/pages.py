"""The log in a browser: search by actor, object and time; one entry with before and after."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, Router, get
from litestar.params import FromPath, FromQuery, QueryParameter

from portal.access.guards import Acting, may
from portal.audit import queries
from portal.audit.forms import EntryOut
from portal.audit.words import sentence
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Queue
from portal.platform.work import View, viewing
from portal.web import page
from portal.web.parts import Waiting


@get("/audit", guards=[may("audit:read")], include_in_schema=False)
async def search(
    actor: Acting,
    person: Annotated[str, QueryParameter(name="actor")] = "",
    thing: Annotated[str, QueryParameter(name="query")] = "",
    event: FromQuery[str] = "",
    since: Annotated[date | None, QueryParameter(name="from")] = None,
    until: Annotated[date | None, QueryParameter(name="to")] = None,
    cursor: FromQuery[str | None] = None,
) -> Response[Any]:
    chosen = queries.EntryFilter(
        actor=person.strip() or None,
        object=thing.strip() or None,
        event=event or None,
        since=_midnight(since, actor),
        until=_midnight(until and until + timedelta(days=1), actor),
    )
    async with viewing(actor, report=True) as view:
        found = await queries.entries(view, chosen, cursor=cursor)
    given = {"actor": person, "query": thing, "event": event, "from": since, "to": until}
    return page("audit/search.html", found=found, given=given, sentence=sentence)


@get("/audit/{entry_id:uuid}", guards=[may("audit:read")], include_in_schema=False)
async def show(actor: Acting, entry_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        entry = await queries.entry(view, entry_id)
    return page("audit/entry.html", entry=entry, sentence=sentence)


def _midnight(day: date | None, actor: Actor) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), ZoneInfo(actor.time_zone))


async def _recent(view: View) -> tuple[int, list[Waiting]]:
    found = await queries.entries(view, queries.EntryFilter(), limit=8)
    return len(found.items), [_told(entry) for entry in found.items]


def _told(entry: EntryOut) -> Waiting:
    said = f"{sentence(entry.event)} · {entry.subject}" if entry.subject else sentence(entry.event)
    return Waiting(said, f"/audit/{entry.id}", party=entry.actor.name, due=entry.at)


router = Router("/", route_handlers=[search, show])
MENU = [MenuEntry(_("Audit"), "/audit", "history", "audit:read", 90)]
QUEUES = {
    "auditor": [
        Queue(_("Recent entries"), "/audit", _recent, "audit:read", _("Nothing has happened yet."), "neutral", 10)
    ]
}
