"""Alerts of the reader's company, and the figures that make one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from portal.access.queries import names
from portal.alerts.forms import AlertOut
from portal.alerts.rules import ATTEMPTS, LOADS, WINDOW
from portal.alerts.states import NAMES
from portal.alerts.tables import Alert
from portal.platform.paging import Bind, Sort, Turned, codes, order_of
from portal.platform.refusals import NotFound
from portal.platform.work import View

SORTS = {"raised": Sort("raised_at", datetime.fromisoformat, "timestamptz")}
_NAMED = ("person_id", "person_name", "looked_after_by_name", "resolved_by_name")
_EXPORTS = """
select coalesce(sum(coalesce((body -> 'data' ->> 'files')::int, 1)), 0) as files,
  coalesce(sum((body -> 'data' ->> 'bytes')::numeric), 0)::bigint as size from audit_entry
where actor_id = $1 and organisation_id = $2 and event = 'data.exported' and at > $3"""
_FAILURES = """
select count(*) from audit_entry where owner_id = $2 and event = 'session.refused' and subject_id = $1 and at > $3"""
# The first policy of all changed nothing; a release that brought the same rules neither.
_LOADS = """
select p.id, p.digest from policy_load p, organisation o where o.id = $1 and p.at > o.created_at and p.at > $2
  and (p.added <> '{}' or p.removed <> '{}') and exists (select from policy_load e where e.at < p.at)
  and not exists (select from alert a where a.organisation_id = $1 and a.kind = 'policy-change'
    and a.subject_key = p.id::text) order by p.at limit 20"""


async def alerts(view: View, state: str | None = None, cursor: str | None = None, limit: int = 50) -> Turned:
    """The newest first."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, "-raised", cursor)
    after, ending = order.sql("a", bind, limit)
    chosen = codes("state", state, NAMES)
    narrow = f" and a.state = any({bind(chosen)})" if chosen else ""
    sql = f"select a.* from alert a where organisation_id = $1 and {after}{narrow} {ending}"
    turned = order.turned(await view.fetch(sql, *bind.values), limit, lambda record: record["raised_at"])
    return turned._replace(rows=await _out(view, turned.rows))


async def alert_row(view: View, alert_id: UUID) -> Alert:
    sql = "select * from alert where id = $1 and organisation_id = $2"
    found = await view.one(sql, alert_id, view.actor.organisation_id)
    if found is None:
        raise NotFound()
    return Alert.of(dict(found))


async def alert(view: View, alert_id: UUID) -> AlertOut:
    (told,) = await _out(view, [vars(await alert_row(view, alert_id))])
    return told


async def open_alerts(view: View) -> tuple[int, list[AlertOut]]:
    """What nobody has resolved, the oldest first."""
    condition, own = "organisation_id = $1 and state = 'open'", view.actor.organisation_id
    found = await view.fetch(f"select * from alert where {condition} order by raised_at, id limit 8", own)
    count = f"select count(*) from (select 1 from alert where {condition} limit 1000) c"
    return await view.value(count, own), await _out(view, found)


async def exports_lately(view: View, now: datetime) -> tuple[int, int]:
    """How many files the actor took out within the window before now, and how many bytes they had."""
    row = await view.one(_EXPORTS, view.actor.person_id, view.actor.organisation_id, now - WINDOW)
    assert row is not None
    return row["files"], row["size"]


async def failures_lately(view: View, person_id: UUID, now: datetime) -> int:
    """How often somebody failed to sign in to this account a short time before now."""
    return await view.value(_FAILURES, person_id, view.actor.organisation_id, now - ATTEMPTS)


async def accounts_tried(view: View, address: str) -> int:
    return await view.value("select portal.accounts_tried($1)", address)


async def is_first_account(view: View, bank_account_id: UUID) -> bool:
    """Whether the supplier that acts has told of no other account, ever: then it is paid nowhere else than before."""
    sql = "select not exists (select from bank_account where supplier_id = $1 and id <> $2)"
    return await view.value(sql, view.actor.organisation_id, bank_account_id)


async def policies_untold(view: View, now: datetime) -> list[Any]:
    """Policies that came to hold and were no alert yet: id, digest."""
    return await view.fetch(_LOADS, view.actor.organisation_id, now - LOADS)


async def _out(view: View, records: Sequence[Any]) -> list[AlertOut]:
    meant: dict[UUID, Any] = {record["id"]: record["concerns"] or _account_of(record) for record in records}
    acted = ("looked_after_by", "resolved_by")
    people = await names(view, [*meant.values(), *(record[each] for record in records for each in acted)])
    plain = [each for each in AlertOut.__struct_fields__ if each not in _NAMED]
    told = (
        {name: record[name] for name in plain}
        | {"person_id": meant[record["id"]], "person_name": people.get(meant[record["id"]], ("",))[0]}
        | {f"{column}_name": people.get(record[column], ("",))[0] for column in acted}
        for record in records
    )
    return [msgspec.convert(each, AlertOut) for each in told]


def _account_of(record: Any) -> UUID | None:
    """The person whose account an alert is about that concerns no act of theirs: they may well resolve it."""
    return record["record_id"] if record["record_kind"] == "person" else None
