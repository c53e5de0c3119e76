"""The log in a browser: search by actor, object and time; one entry with before and after."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Stream

from portal.access.guards import Acting, allowed, may
from portal.access.queries import names as people_named
from portal.access.queries import organisation_names
from portal.audit import exports, proofs, queries, trails
from portal.audit.forms import EntryOut
from portal.audit.kinds import kind_named
from portal.audit.parts import Whole, wholes
from portal.audit.places import Place, places
from portal.audit.subject import known_of
from portal.audit.telling import organisations_of, people_of, said, tell
from portal.audit.words import OUTCOMES, events_known, sentence
from portal.platform.actor import Actor
from portal.platform.fields import Day, Line
from portal.platform.i18n import Message, _
from portal.platform.paging import one_of
from portal.platform.plain_json import plain_json
from portal.platform.refusals import Malformed
from portal.platform.wiring import SUBJECTS, MenuEntry, Queue
from portal.platform.work import View, viewing
from portal.web import page
from portal.web.downloads import whole
from portal.web.looks import ROLES
from portal.web.parts import Waiting
from portal.web.query import read_query


class ListForm(msgspec.Struct, kw_only=True, rename={"person": "actor", "since": "from", "until": "to"}):
    """The parameters of the list's address; what else stands there is not ours."""

    person: Line | None = None
    query: Line | None = None
    event: Line | None = None
    outcome: Line | None = None
    kind: Line | None = None
    reads: Line | None = None
    since: Day | None = None
    until: Day | None = None
    cursor: Line | None = None


OF_PEOPLE = frozenset({"membership", "person"})
EARLIEST, LATEST = date(1899, 12, 31), date(2200, 1, 1)


@get("/audit", guards=[may("audit:read")], include_in_schema=False)
async def search(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    asked = read_query(request.query_params, ListForm)
    chosen = filter_of(asked, actor)
    async with viewing(actor, report=True) as view:
        found = await queries.entries(view, chosen, cursor=asked.cursor)
        went, of = await places(view, found.items), await wholes(view, found.items)
    return page(
        "audit/search.html",
        found=found,
        asked=asked,
        events=events_known(),
        outcomes=[(code, outcome.title) for code, outcome in OUTCOMES.items()],
        kinds=sorted(((kind, str(subject.title)) for kind, subject in SUBJECTS.items()), key=lambda each: each[1]),
        sentence=sentence,
        record=partial(record, went=went, of=of),
    )


@get("/audit.csv", guards=[may("audit:read")], include_in_schema=False)
async def as_csv(request: Request[Any, Any, Any], actor: Acting) -> Stream:
    """What the search finds, as a spreadsheet reads it."""
    chosen = filter_of(read_query(request.query_params, ListForm), actor)
    headers = {"content-disposition": 'attachment; filename="audit.csv"'}
    return Stream(exports.as_csv(actor, chosen), media_type="text/csv", headers=headers)


@get("/audit.jsonl", guards=[may("audit:read")], include_in_schema=False)
async def as_json(request: Request[Any, Any, Any], actor: Acting) -> Stream:
    """The same for programs, an entry a line, with control figures at the end."""
    chosen = filter_of(read_query(request.query_params, ListForm), actor)
    headers = {"content-disposition": 'attachment; filename="audit.jsonl"'}
    return Stream(exports.as_json(actor, chosen), media_type="application/x-ndjson", headers=headers)


def filter_of(asked: ListForm, actor: Actor) -> queries.EntryFilter:
    """What an address asks for; `Malformed` for an outcome that there is none of."""
    one_of("outcome", asked.outcome, OUTCOMES)
    return queries.EntryFilter(
        actor=asked.person and asked.person.strip(),
        object=asked.query and asked.query.strip(),
        event=asked.event,
        outcome=asked.outcome,
        kind=asked.kind,
        reads=asked.reads == "1",
        since=midnight(asked.since, actor),
        until=midnight(asked.until, actor, 1),
    )


@get("/audit/{entry_id:uuid}", guards=[may("audit:read")], include_in_schema=False)
async def show(actor: Acting, entry_id: FromPath[UUID]) -> Response[Any]:
    """One entry: what was done, to which record, and every field before and after."""
    async with viewing(actor) as view:
        entry = await queries.entry(view, entry_id)
        seal = await proofs.seal_of(view, entry_id)
        born = await trails.born(view, [entry])
        names = await _names(view, entry)
        went, of = await places(view, [entry]), await wholes(view, [entry])
    rows = tell(entry, born, names)
    return page(
        "audit/entry.html",
        entry=entry,
        seal=seal,
        sentence=sentence,
        record=record(entry, actor, went, of),
        rows=rows,
        tables=[list(same) for _table, same in groupby(rows, key=lambda told: told.table)],
        said=said(entry, names),
    )


@get("/profile/data.json", guards=[may("self:use")], include_in_schema=False, about_oneself=True)
async def own_data(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    """All that the present company keeps about whoever asks, as a file that says how to get that of their others."""
    others = [each.name for each in request.scope["state"]["organisations"] if each.id != actor.organisation_id]
    async with viewing(actor) as view:
        found = await known_of(view, actor.person, others)
    return whole("about-me.json", plain_json(found, str), "application/json")


async def _names(view: View, entry: EntryOut) -> dict[str, str]:
    """Whom the ids in an entry mean: people with their organisation, and organisations."""
    people = await people_named(view, people_of(entry))
    firms = await organisation_names(view, organisations_of(entry))
    return {str(key): " · ".join(name) for key, name in people.items()} | {str(k): name for k, name in firms.items()}


class Record(NamedTuple):
    """What an entry is about: the kind of record, its number, and where it is opened; blank if it has no page.
    A request has its `address`, without ids."""

    kind: Message | str
    name: str
    href: str
    address: str = ""


def record(
    entry: EntryOut,
    actor: Actor,
    went: Mapping[UUID, Place] = MappingProxyType({}),
    of: Mapping[UUID, Whole] = MappingProxyType({}),
) -> Record:
    """A supplier's entries are about the relationship; its page goes by the organisation, which the event names. `went`
    says where requests went, `of` which record a part is of."""
    if entry.id in went:
        return Record(_("Request"), *went[entry.id])
    if entry.id in of:
        return _part(entry, actor, of[entry.id])
    subject = SUBJECTS.get(entry.subject_kind)
    if subject is None:
        kind = entry.subject_kind.replace("-", "_")
        opens = entry.about and entry.about.id and kind in OF_PEOPLE and allowed(actor, "members:read")
        href = f"/people/{entry.about.id}" if opens and entry.about else ""
        return Record(kind_named(entry.subject_kind), _called(entry), href)
    key = entry.data.get("supplier_id", entry.subject_id) if entry.subject_kind == "supplier" else entry.subject_id
    opens = allowed(actor, subject.permission or "self:use")
    return Record(subject.title, _called(entry), subject.href.format(id=key) if opens else "")


def _part(entry: EntryOut, actor: Actor, whole: Whole) -> Record:
    """A part goes by the record that it is of."""
    subject = SUBJECTS[whole.kind]
    opens = allowed(actor, subject.permission or "self:use")
    href = subject.href.format(id=whole.id) if opens else ""
    return Record(kind_named(entry.subject_kind), f"{subject.title} {whole.name}".strip(), href)


def _called(entry: EntryOut) -> str:
    """The record's number or name, in words what goes by a code, and whom it is about where that is a person."""
    whose = entry.about.name if entry.about else ""
    kind = SUBJECTS.get(entry.subject_kind)
    names = kind.names if kind and kind.names else ROLES
    return " · ".join(part for part in (str(names.get(entry.subject, entry.subject)), whose) if part)


def midnight(day: date | None, actor: Actor, later: int = 0) -> datetime | None:
    """When the day begins for the reader, or so many days later. The first and last days there are have no midnight in
    every time zone."""
    if day is not None and not EARLIEST < day < LATEST:
        raise Malformed(Day.expected())
    return None if day is None else datetime.combine(day + timedelta(days=later), time(), ZoneInfo(actor.time_zone))


async def _recent(view: View) -> tuple[int, list[Waiting]]:
    found = await queries.entries(view, queries.EntryFilter(reads=False), limit=8)
    went = await places(view, found.items)
    return len(found.items), [_told(entry, went) for entry in found.items]


def _told(entry: EntryOut, went: Mapping[UUID, Place]) -> Waiting:
    called = went[entry.id].what if entry.id in went else _called(entry)
    said = f"{sentence(entry.event)} · {called}" if called else sentence(entry.event)
    return Waiting(said, f"/audit/{entry.id}", party=entry.actor.name, due=entry.at)


HANDLERS = [search, as_csv, as_json, show, own_data]
MENU = [MenuEntry(_("Audit"), "/audit", "history", "audit:read", 90)]
QUEUES = {
    "auditor": [
        Queue(_("Recent entries"), "/audit", _recent, "audit:read", _("Nothing has happened yet."), "neutral", 10)
    ]
}
