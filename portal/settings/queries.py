"""Settings as of any day, their history, and what waits for a second person."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from portal.access.guards import allowed, require
from portal.access.queries import colleagues, names
from portal.platform.actor import Actor
from portal.platform.refusals import NotFound
from portal.platform.wiring import SETTINGS
from portal.platform.work import View
from portal.settings.forms import SettingOut, SettingVersionOut
from portal.settings.rules import LEVELS, OF_GOODS, STEPS, Resolved, in_words, resolved, told, tolerance_of, typed

__all__ = [
    "LEVELS",
    "OF_GOODS",
    "STEPS",
    "Resolved",
    "TolerancesPanel",
    "for_second_person",
    "has_checker",
    "in_words",
    "panel_of",
    "readable",
    "require_readable",
    "resolved",
    "setting",
    "steps_of",
    "to_check",
    "told",
    "tolerance_of",
    "typed",
    "version",
    "versions",
    "waiting",
]

MOST = 200
CAP = 1000
_OTHERS = "v.state = 'proposed' and v.created_by is distinct from $2 and v.concerns is distinct from $2"
_TODAY = "(portal.now() at time zone o.time_zone)::date"
_SETTING = f"""
select coalesce($4::date, {_TODAY}) as as_of, v.id as version_id, v.effective_from as since,
  coalesce(v.value, portal.setting_usual($2)) as value
from portal.setting_now n join organisation o on o.id = n.organisation_id
left join lateral portal.setting_on(n.organisation_id, n.kind, n.subject_id, coalesce($4, {_TODAY})) v on true
where n.organisation_id = $1 and n.kind = $2 and n.subject_id = $3
"""
_VERSIONS = """
select v.*, coalesce(b.value, portal.setting_usual(v.kind)) as before,
  v.state = 'proposed' and v.supersedes is distinct from (
    select l.id from portal.setting_on(v.organisation_id, v.kind, v.subject_id, 'infinity') l) as stale
from setting_version v left join setting_version b on b.id = v.supersedes
where v.organisation_id = $1 and {condition} order by {order} limit {limit}
"""


def readable(actor: Actor) -> list[str]:
    """The kinds of settings that the actor reads: those of their roles, and what they are to check."""
    checks = allowed(actor, "settings:check")
    return [name for name, kind in SETTINGS.items() if checks or allowed(actor, kind.reads)]


def require_readable(actor: Actor, name: str) -> None:
    """Raise `NotFound` for a kind that nobody knows, `Denied` for one that is not this reader's."""
    if name not in SETTINGS:
        raise NotFound()
    if name not in readable(actor):
        require(actor, SETTINGS[name].reads)


async def setting(view: View, name: str, subject_id: UUID, as_of: date | None = None) -> SettingOut:
    """What the setting is, was or will be on a day; today, if none is named."""
    require_readable(view.actor, name)
    found = await view.one(_SETTING, view.actor.organisation_id, name, subject_id, as_of)
    if found is None:
        raise NotFound()
    kind = SETTINGS[name]
    called = await view.one(
        f"select * from {kind.row_type.table_name()} where {kind.owner} = $1 and {kind.named} = $2",
        *(view.actor.organisation_id, subject_id),
    )
    assert called is not None, "what is applied is of a row"
    row = kind.row_type.of(dict(called))
    subject = str(getattr(row, "number", None) or getattr(row, "name", None) or "")
    if person := getattr(row, "person_id", None):
        subject = (await names(view, [person])).get(person, ("",))[0]
    told: Any = {"kind": name, "subject_id": subject_id, "subject_name": subject}
    return SettingOut(**told, **found)


async def versions(view: View, name: str, subject_id: UUID) -> list[SettingVersionOut]:
    """All there ever was of a setting, what comes last first."""
    await setting(view, name, subject_id)
    condition, order = "v.kind = $2 and v.subject_id = $3", "v.effective_from desc, v.created_at desc, v.id desc"
    return await _found(view, condition, order, MOST, name, subject_id)


async def waiting(view: View) -> list[SettingVersionOut]:
    """What was proposed and is not decided, and what is approved for a later day, the oldest first."""
    condition = """v.kind = any($2::text[])
      and (v.state = 'proposed' or (v.state = 'approved' and v.applied_at is null))"""
    return await _found(view, condition, "v.created_at, v.id", MOST, readable(view.actor))


async def to_check(view: View, limit: int = 5) -> tuple[int, list[SettingVersionOut]]:
    """How many proposals the reader may decide on, and the first of them."""
    count = (
        f"select count(*) from (select from setting_version v where v.organisation_id = $1 and {_OTHERS} limit {CAP}) c"
    )
    number = await view.value(count, view.actor.organisation_id, view.actor.person_id)
    return number, await _found(view, _OTHERS, "v.created_at, v.id", limit, view.actor.person_id)


async def for_second_person(view: View) -> list[SettingVersionOut]:
    """All of these."""
    return await _found(view, _OTHERS, "v.created_at, v.id", MOST, view.actor.person_id)


async def version(view: View, setting_id: UUID) -> SettingVersionOut:
    """One version; unseen is 404."""
    found = await _found(view, "v.id = $2", "v.id", 1, setting_id)
    if not found:
        raise NotFound()
    require_readable(view.actor, found[0].kind)
    return found[0]


async def has_checker(view: View, *but: UUID | None) -> bool:
    """Whether anybody else in the company may decide on what these people propose."""
    return any(allowed(each, "settings:check") for each in await colleagues(view) if each.person_id not in but)


async def _found(view: View, condition: str, order: str, limit: int, *values: Any) -> list[SettingVersionOut]:
    sql = _VERSIONS.format(condition=condition, order=order, limit=limit)
    rows = await view.fetch(sql, view.actor.organisation_id, *values)
    people = await names(view, [row[by] for row in rows for by in ("created_by", "decided_by", "concerns")])
    return [_out(row, {person: name for person, (name, _of) in people.items()}) for row in rows]


def _out(row: Any, people: dict[UUID, str]) -> SettingVersionOut:
    told: dict[str, Any] = dict(row) | {f"{by}_name": people.get(row[by], "") for by in ("created_by", "decided_by")}
    told["subject_name"] = people.get(row["concerns"], "") if row["concerns"] else row["subject_name"]
    return SettingVersionOut(**{name: told[name] for name in SettingVersionOut.__struct_fields__})


class TolerancesPanel(NamedTuple):
    """What holds for a subject, step by step, and where it is changed; `waits` counts what is not decided."""

    rows: list[tuple[Any, Any, Any]]
    href: str
    waits: int
    proposes: bool


async def panel_of(
    view: View, name: str, subject_id: UUID, levels: Sequence[tuple[str, Mapping[str, Any]]]
) -> TolerancesPanel:
    """The resolved tolerances of a supplier or an item, each with the level that says so."""
    found = [resolved(step, levels) for step in steps_of(name)]
    rows = [(STEPS[each.step], in_words(each.tolerance, each.step), LEVELS[each.level]) for each in found]
    sql = "select count(*) from setting_version where organisation_id = $1 and kind = $2 and subject_id = $3 and "
    waits = await view.value(
        sql + "(state = 'proposed' or (state = 'approved' and applied_at is null))",
        *(view.actor.organisation_id, name, subject_id),
    )
    proposes = allowed(view.actor, SETTINGS[name].proposes)
    return TolerancesPanel(rows, f"/settings/{name}/{subject_id}", waits, proposes)


def steps_of(name: str) -> Sequence[str]:
    """The steps of a kind of tolerances; none of another kind."""
    return SETTINGS[name].steps
