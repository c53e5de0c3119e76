"""A record as an auditor looks at it: its history with what each act changed, what it was then, who could see it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.access.queries import names as people_named
from portal.access.queries import organisation_names
from portal.access.rule import Rule
from portal.access.words import CONDITIONS, OTHERS
from portal.access.words import named as in_words
from portal.audit import queries, trails
from portal.audit.pages.log import Record
from portal.audit.pages.log import record as record_of
from portal.audit.places import places
from portal.audit.telling import organisations_of, people_of, said, tell
from portal.audit.words import sentence
from portal.operations.workspace.past import as_of
from portal.operations.workspace.portrait import ids_in, portrayed
from portal.operations.workspace.readers import readers
from portal.platform.actor import Actor
from portal.platform.fields import Line
from portal.platform.i18n import _
from portal.platform.refusals import Malformed, NotFound
from portal.platform.work import View, viewing
from portal.web import page
from portal.web.query import read_query

AT = "/audit/records/{record_id:uuid}"
AnyRequest = Request[Any, Any, Any]


class Asked(msgspec.Struct, kw_only=True):
    """`at` is a minute in the reader's time zone, as a browser's field gives it; without it, now."""

    at: Line | None = None
    cursor: Line | None = None


@get(AT, guards=[may("audit:read")], include_in_schema=False)
async def history(request: AnyRequest, actor: Acting, record_id: FromPath[UUID]) -> Response[Any]:
    """Everything that was done to the record and its parts, newest first, with every field before and after."""
    asked = read_query(request.query_params, Asked)
    chosen = queries.EntryFilter(records=(record_id,), outcome="done")
    async with viewing(actor, report=True) as view:
        found = await queries.entries(view, chosen, cursor=asked.cursor, limit=20)
        if not found.items:
            raise NotFound()
        entries = await trails.with_their_rows(view, record_id, found.items)
        known = await trails.born(view, entries)
        people = [person for entry in entries for person in people_of(entry)]
        firms = [firm for entry in entries for firm in organisations_of(entry)]
        names = await named(view, people, firms)
        last = await _last(view, record_id)
    return page(
        "workspace/history.html",
        **_head(record_id, last),
        told=[(entry, tell(entry, known, names), said(entry, names)) for entry in entries],
        next_cursor=found.next_cursor,
        sentence=sentence,
    )


@get(AT + "/as-of", guards=[may("audit:read")], include_in_schema=False)
async def then(request: AnyRequest, actor: Acting, record_id: FromPath[UUID]) -> Response[Any]:
    """What the record was at a moment, and what of it nobody knows any more."""
    asked = read_query(request.query_params, Asked)
    moment = moment_of(asked.at, actor)
    async with viewing(actor, report=True) as view:
        past = await as_of(view, record_id, moment)
        names = await named(view, *ids_in(past))
        last = await _last(view, record_id)
    rows = portrayed(past, names)
    return page("workspace/as_of.html", **_head(record_id, last), past=past, rows=rows, when=local(moment, actor))


@get(AT + "/readers", guards=[may("audit:read")], include_in_schema=False)
async def seen_by(request: AnyRequest, actor: Acting, record_id: FromPath[UUID]) -> Response[Any]:
    """Who could see the record at a moment, by which roles and rules."""
    asked = read_query(request.query_params, Asked)
    moment = moment_of(asked.at, actor)
    async with viewing(actor, report=True) as view:
        found = await readers(view, record_id, moment)
        last = await _last(view, record_id)
    told = {"asked": in_words(found.permission), "rule": Rule.of, "conditions": CONDITIONS, "others": OTHERS}
    return page("workspace/readers.html", **_head(record_id, last), found=found, when=local(moment, actor), **told)


async def named(view: View, people: list[UUID], firms: list[UUID]) -> dict[str, str]:
    """Whom ids mean: people with their organisation, and organisations."""
    told = {str(key): " · ".join(name) for key, name in (await people_named(view, people)).items()}
    return told | {str(key): name for key, name in (await organisation_names(view, firms)).items()}


def moment_of(text: str | None, actor: Actor) -> datetime:
    """The end of the minute that is meant, in the reader's time zone; now where none is."""
    if not text:
        return datetime.now(UTC)
    try:
        wanted = datetime.fromisoformat(text)
        zoned = wanted if wanted.tzinfo else wanted.replace(tzinfo=ZoneInfo(actor.time_zone))
        return zoned.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Malformed(_("Write the moment as day and time, such as 2026-11-22T10:30.")) from error


def local(moment: datetime, actor: Actor) -> str:
    """As a browser's field for day and time takes it."""
    return moment.astimezone(ZoneInfo(actor.time_zone)).strftime("%Y-%m-%dT%H:%M")


async def _last(view: View, record_id: UUID) -> Record:
    """What the newest entry calls the record itself, or a part of one that is told by its parts alone; who merely
    looked at it named nothing."""
    of_it = (queries.EntryFilter(subject=record_id), queries.EntryFilter(records=(record_id,)))
    for chosen in (*(msgspec.structs.replace(each, outcome="done") for each in of_it), *of_it):
        if found := (await queries.entries(view, chosen, limit=1)).items:
            return record_of(found[0], view.actor, await places(view, found))
    raise NotFound()


def _head(record_id: UUID, record: Record) -> dict[str, Any]:
    """What every page of a record says on top."""
    return {"record_id": record_id, "record": record, "base": f"/audit/records/{record_id}"}


HANDLERS = [history, then, seen_by]
