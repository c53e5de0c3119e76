"""Who is to be told of an entry of the log, and what a mail says."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.guards import allowed
from portal.access.queries import colleagues, names
from portal.messaging.rules import MOST_LINES, RECORDS, Involved, May, Meant, Notice
from portal.messaging.tables import MailMessage
from portal.platform.actor import Actor
from portal.platform.work import View

_COLUMNS = "id, at, event, actor_id, organisation_id, owner_id, shown_to, subject_kind, subject_id, subject, body"

_KEPT = "select person_id from unnest($1::uuid[]) person_id where $2 = any(portal.kept_from(person_id))"


class Entry(NamedTuple):
    """An entry of the log as far as mails speak of it."""

    id: UUID
    at: datetime
    event: str
    actor_id: UUID | None
    organisation_id: UUID
    sides: dict[str, UUID | None]
    kind: str
    record_id: UUID
    number: str
    told: dict[str, Any]


async def entry_of(view: View, event: str, about: UUID, request_id: str) -> Entry | None:
    """The entry that an event left: of this request, else the newest."""
    sql = f"select {_COLUMNS} from audit_entry where subject_id = $1 and event = $2 and request_id = $3"
    record = await view.one(f"{sql} order by id desc limit 1", about, event, request_id)
    return None if record is None else _entry(record)


async def entry(view: View, entry_id: UUID) -> Entry | None:
    record = await view.one(f"select {_COLUMNS} from audit_entry where id = $1", entry_id)
    return None if record is None else _entry(record)


async def record_of(view: View, entry: Entry) -> Any:
    """The record as its reader's organisation sees it now, or None."""
    found = await view.one(f"select * from {RECORDS[entry.kind].table} where id = $1", entry.record_id)
    return None if found is None else SimpleNamespace(**dict(found))


async def audience(view: View, notice: Notice, entry: Entry) -> list[Actor]:
    """The people of the view's organisation whom the notice is for; who did it knows already, but for an alert.
    What the auditor of a running engagement does is told to nobody from whom it is kept."""
    record = await record_of(view, entry)
    if record is None or notice.waits not in ("", getattr(record, "state", "")):
        return []
    members = await colleagues(view)
    others = [member for member in members if notice.everybody or member.person_id != entry.actor_id]
    chosen = [member for member in others if _is_for(notice.to, member, record)]
    kept = await view.fetch(_KEPT, [member.person_id for member in chosen], entry.actor_id) if entry.actor_id else []
    return [member for member in chosen if member.person_id not in {row["person_id"] for row in kept}]


async def person_of(view: View, message: MailMessage) -> Actor | None:
    """Whoever the mail is for, if they are still a member."""
    return next((member for member in await colleagues(view, message.person_id)), None)


class Told(NamedTuple):
    """What a mail says of its record beside the event: values by name, its first lines, and how many more there are."""

    values: dict[str, Any]
    lines: list[Any]
    more: int
    buys: bool


async def told_of(view: View, reader: Actor, kind: str, record: Any) -> Told:
    """What the reader may know of the record: prices if their role sees them, who asked for it on the buyer's side."""
    shape = RECORDS[kind]
    buys = getattr(record, "buyer_id", view.actor.organisation_id) == view.actor.organisation_id
    priced = allowed(reader, "prices:read")
    columns = (*shape.told, shape.opens, *(shape.priced if priced else ()), "currency")
    values = {name: getattr(record, name, None) for name in columns} | {"partner": await partner_of(view, record)}
    if buys and "requester" in shape.told and record.created_by is not None:
        values["requester"] = (await names(view, [record.created_by])).get(record.created_by, ("",))[0]
    rows = await view.fetch(shape.lines, record.id) if shape.lines else []
    if "orders" in shape.told:
        values["orders"] = ", ".join(sorted({row["order_number"] for row in rows}))
    lines = [dict(row) if priced else _unpriced(row) for row in rows[:MOST_LINES]]
    return Told(values, lines, max(len(rows) - MOST_LINES, 0), buys)


def _unpriced(row: Any) -> dict[str, Any]:
    line = {**row, "net": None}
    return line | {"quantity": None} if line.get("is_money") else line


async def partner_of(view: View, record: Any) -> str:
    """The name of the organisation on the other side of the record; blank where it has but one."""
    if not hasattr(record, "buyer_id"):
        return ""
    own = view.actor.organisation_id
    supplier = record.supplier_id if hasattr(record, "supplier_id") else record.shown_to
    other = supplier if record.buyer_id == own else record.buyer_id
    return await view.value("select name from organisation where id = $1", other) or ""


def _is_for(to: May | Involved | Meant, member: Actor, record: Any) -> bool:
    if isinstance(to, May):
        return allowed(member, to.permission, record)
    if isinstance(to, Meant):
        if record.organisation_id != member.organisation_id:
            return False
        named = getattr(record, to.column)
        return allowed(member, to.permission, record) if named is None else named == member.person_id
    return member.person_id in {getattr(record, column, None) for column in to.columns}


def _entry(record: Any) -> Entry:
    return Entry(
        id=record["id"],
        at=record["at"],
        event=record["event"],
        actor_id=record["actor_id"],
        organisation_id=record["organisation_id"],
        sides={"owner": record["owner_id"], "reader": record["shown_to"]},
        kind=record["subject_kind"],
        record_id=record["subject_id"],
        number=record["subject"],
        told=msgspec.json.decode(record["body"])["data"],
    )
