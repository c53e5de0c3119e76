"""Reading the log: by actor, object and time, newest first; and one record's own history, as nodes of a timeline."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from portal.access.guards import allowed
from portal.access.queries import names
from portal.audit.forms import ActorOut, EntryOut
from portal.audit.marks import MARKS, Mark
from portal.audit.rules import retention
from portal.audit.sides import Keys, Sides
from portal.audit.whom import ABOUT_PEOPLE, memberships_of, people_called, whom
from portal.audit.words import NOTHING_DONE, OUTCOMES, READ, SILENT, sentence
from portal.platform import vault
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import id_of
from portal.platform.paging import Bind, Page, Sort, one_of, order_of
from portal.platform.refusals import NotFound
from portal.platform.wiring import SUBJECTS
from portal.platform.work import View, viewing
from portal.web.parts import Node

MOST_NODES = 200
_MADE = {"actor", "data", "changes", "intact", "emergency", "seen_as", "about"}
SORTS = {"at": Sort("at", datetime.fromisoformat, "timestamptz")}


class EntryFilter(msgspec.Struct, kw_only=True):
    """`actor` is a person's id or e-mail address, `object` a record's id or number, whose parts count too, or a person
    whom entries are about, by id, e-mail address or full name; `subject` is the id of what an entry itself is about.
    `reads` are the auditors' own. `outcome` is one of `OUTCOMES`, `events` narrows to several codes at once. `about` is
    an id that the entry names anywhere; no index knows that, so it is asked for one person at a time.
    """

    actor: str | None = None
    object: str | None = None
    subject: UUID | None = None
    about: UUID | None = None
    records: tuple[UUID, ...] | None = None
    event: str | None = None
    events: tuple[str, ...] | None = None
    outcome: str | None = None
    kind: str | None = None
    reads: bool = True
    since: datetime | None = None
    until: datetime | None = None


async def entries(view: View, chosen: EntryFilter, *, cursor: str | None = None, limit: int = 50) -> Page[EntryOut]:
    """One page of the log that the reader's organisation may see."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, "-at", cursor)
    narrowed = " and ".join([*await _narrowed(view, chosen, bind), order.sql("e", bind, limit)[0]])
    ending = f"order by at desc, id desc limit {limit + 1}"
    branch = f"select * from audit_entry e where {{side}} and {narrowed} {ending}"
    own, shown = branch.format(side="owner_id = $1"), branch.format(side="shown_to = $1 and owner_id <> $1")
    records = await view.fetch(f"select * from (({own}) union all ({shown})) e {ending}", *bind.values)
    return Page(await told(view, records[:limit]), order.page(records, limit, lambda record: record["at"]))


async def records_of(view: View, chosen: EntryFilter, most: int) -> list[UUID]:
    """What the entries are about, and the records that it belongs to; of very many the first."""
    bind = Bind(view.actor.organisation_id)
    narrowed = " and ".join(await _narrowed(view, chosen, bind))
    sql = (
        "select distinct of.id from audit_entry e cross join lateral (values (subject_id), (root_id)) of (id) "
        f"where (owner_id = $1 or shown_to = $1) and {narrowed} and of.id is not null order by of.id limit {most}"
    )
    return [row["id"] for row in await view.fetch(sql, *bind.values)]


def kept_until(kind: str, jurisdiction: str, dated: date) -> date | None:
    """Until when a document of this kind and date is kept in a country; None is for ever."""
    rule = retention(kind, jurisdiction)
    return None if rule is None else rule.keep_until(dated)


async def is_disposed(view: View, record_id: UUID) -> bool:
    """Whether the stored document of a record was destroyed: nobody makes it anew."""
    return await view.value("select exists (select from disposal_item where record_id = $1)", record_id)


async def record_called(view: View, wanted: str) -> UUID | None:
    """The record of this number that one's organisation wrote or received last; an id stands for itself."""
    sql = (
        "select subject_id from audit_entry where subject = $1 and subject_kind <> 'request' "
        "and (owner_id = $2 or shown_to = $2) order by id desc limit 1"
    )
    return id_of(wanted) or await view.value(sql, wanted, view.actor.organisation_id)


async def record_names(view: View, records: list[UUID]) -> dict[UUID, str]:
    """What the log calls records, by their ids."""
    sql = (
        "select distinct on (subject_id) subject_id, subject from audit_entry where subject_id = any($1::uuid[]) "
        "and subject <> '' and subject_kind <> 'request' order by subject_id, id desc"
    )
    return {row["subject_id"]: row["subject"] for row in await view.fetch(sql, records)} if records else {}


async def entry(view: View, entry_id: UUID) -> EntryOut:
    record = await view.one("select * from audit_entry where id = $1", entry_id)
    if record is None:
        raise NotFound()
    return (await told(view, [record]))[0]


async def history(view: View, root_id: UUID, most: int = MOST_NODES) -> list[Node]:
    """What happened to a record and all that belongs to it, oldest first, in words; at most the last `most` events."""
    return await _nodes(view, "root_id = $1", root_id, most)


async def meanwhile(actor: Actor, record_id: UUID) -> list[Node]:
    """The last events of a record, an order or one of its documents, for whoever was too late to act on it."""
    async with viewing(actor) as view:
        return await _nodes(view, "$1 in (root_id, subject_id)", record_id, most=3)


async def _nodes(view: View, of_record: str, record_id: UUID, most: int) -> list[Node]:
    sql = (
        "select at, event, actor_id, root_id, subject_kind, subject_id, subject, (body -> 'data')::jsonb as data "
        f"from audit_entry where {of_record} and event <> all($3::text[]) order by id desc limit $2"
    )
    records = await view.fetch(sql, record_id, most, list(SILENT))
    people = await names(view, list({record["actor_id"] for record in records}))
    return [_node(view.actor, record, people) for record in reversed(records)]


def _node(actor: Actor, record: Any, people: dict[UUID, tuple[str, str]]) -> Node:
    said, mark, data = sentence(record["event"]), MARKS.get(record["event"], Mark()), record["data"]
    subject = SUBJECTS.get(record["subject_kind"])
    other = record["subject_id"] != record["root_id"]
    linked = other and subject is not None and allowed(actor, subject.permission or "self:use")
    revision = _("Revision {number}", number=data["revision"]) if "revision" in data else ""
    return Node(
        title=f"{said} · {record['subject']}" if other and record["subject"] else said,
        at=record["at"],
        who=_who(record["actor_id"], people),
        state=mark.state,
        detail=data.get("reason") or revision,
        href=subject.href.format(id=record["subject_id"]) if linked and subject else "",
        icon=mark.icon,
        event=record["event"],
    )


def _who(person: UUID | None, people: dict[UUID, tuple[str, str]]) -> str:
    if person is None:
        return str(_("The portal itself"))
    return " · ".join(people.get(person, (str(_("Somebody who left")),)))


async def _narrowed(view: View, chosen: EntryFilter, bind: Bind) -> list[str]:
    parts = ["true"]
    if chosen.actor:
        parts.append(f"actor_id = {bind(await _person(view, chosen.actor))}::uuid")
    if chosen.object:
        parts.append(await _of_object(view, chosen.object, bind))
    if chosen.subject is not None:
        parts.append(f"subject_id = {bind(chosen.subject)}")
    if chosen.records is not None:
        many = bind(list(chosen.records))
        parts.append(f"(subject_id = any({many}::uuid[]) or root_id = any({many}::uuid[]))")
    if chosen.about:
        parts.append(f"(subject_id = {bind(chosen.about)} or strpos(body::text, {bind(str(chosen.about))}) > 0)")
    if chosen.kind:
        parts.append(f"subject_kind = {bind(chosen.kind)}")
    if chosen.events is not None:
        parts.append(f"event = any({bind(list(chosen.events))}::text[])")
    parts += _of_event(chosen, bind)
    if chosen.since:
        parts.append(f"at >= {bind(chosen.since)}")
    if chosen.until:
        parts.append(f"at < {bind(chosen.until)}")
    return parts


def _of_event(chosen: EntryFilter, bind: Bind) -> list[str]:
    """By code, and by what became of it. What auditors read is left out only where nothing of that is asked for."""
    outcome = one_of("outcome", chosen.outcome, OUTCOMES)
    parts = [f"event = {bind(chosen.event)}"] if chosen.event else []
    if outcome is not None and outcome.codes:
        parts.append(f"event = any({bind(sorted(outcome.codes))}::text[])")
    elif outcome is not None:
        parts.append(f"event <> all({bind(sorted(NOTHING_DONE))}::text[])")
    elif not (chosen.event or chosen.reads):
        parts.append(f"event <> {bind(READ)}")
    return parts


async def _of_object(view: View, wanted: str, bind: Bind) -> str:
    """A record by its id or number, its parts included; a person by id, address or name, with all that was done about
    them."""
    people = await people_called(view, wanted)
    ids = [each for each in (id_of(wanted), *people, *await memberships_of(view, people)) if each] if people else []
    if not people:
        identity = id_of(wanted)
        place = bind(identity or wanted)
        return f"(subject_id = {place} or root_id = {place})" if identity else f"subject = {place}"
    many, codes = bind(ids), bind(ABOUT_PEOPLE)
    named = bind([str(each) for each in people])
    about = f"event = any({codes}::text[]) and body -> 'data' ->> 'person_id' = any({named}::text[])"
    return f"(subject_id = any({many}::uuid[]) or root_id = any({many}::uuid[]) or ({about}))"


async def _person(view: View, wanted: str) -> UUID | None:
    return id_of(wanted) or await view.value("select id from person where email = $1", wanted.lower())


async def told(view: View, records: list[Any]) -> list[EntryOut]:
    """Entries with the side of them that the reader's own organisation keeps to itself."""
    ids = [record["id"] for record in records]
    private = {
        row["entry_id"]: row
        for row in await view.fetch("select salt, body, entry_id from audit_private where entry_id = any($1)", ids)
    }
    sides = [Sides(record, private.get(record["id"]), view.actor.organisation_id) for record in records]
    keys = await _keys(view, sides)
    about = await whom(view, sides)
    acting = {record["actor_id"] for record in records} | {each.seen_as for each in sides} | set(about.values())
    people = await names(view, [each for each in acting if each])
    return [_entry(each, people, keys, about.get(each.record["id"])) for each in sides]


def _entry(sides: Sides, people: dict[UUID, tuple[str, str]], keys: Keys, about: UUID | None) -> EntryOut:
    record = sides.record
    actor = _actor(record["actor_id"], people) or ActorOut(None, str(_("The portal itself")), "")
    manner = {"emergency": sides.emergency, "seen_as": _actor(sides.seen_as, people)}
    manner["about"] = _actor(about, people)
    plain = {name: record[name] for name in EntryOut.__struct_fields__ if name not in _MADE}
    return EntryOut(
        **plain, actor=actor, data=sides.data(keys), changes=sides.changes(keys), intact=sides.intact, **manner
    )


def _actor(person: UUID | None, people: dict[UUID, tuple[str, str]]) -> ActorOut | None:
    return None if person is None else ActorOut(person, *people.get(person, (str(_("Somebody who left")), "")))


async def _keys(view: View, told: list[Sides]) -> Keys:
    sealed = {person for sides in told for person in sides.people()}
    if not sealed:
        return {}
    rows = await view.fetch("select person_id, wrapped from person_key where person_id = any($1::uuid[])", list(sealed))
    return {str(row["person_id"]): vault.open_person_key(row["wrapped"]) for row in rows}
