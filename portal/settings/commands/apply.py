"""Applying what was approved for a later day, once that day has begun for the company."""

from uuid import UUID

from portal.platform.actor import Actor
from portal.platform.wiring import SETTINGS
from portal.platform.work import Change, changing, viewing
from portal.settings.commands.versions import kind_of, last_of_day, row_of, today_of, write_value
from portal.settings.events import SettingApplied
from portal.settings.tables import SettingVersion

_DUE = """
select distinct v.kind, v.subject_id from setting_version v join organisation o on o.id = v.organisation_id
where v.organisation_id = $1 and v.state = 'approved' and v.applied_at is null
  and v.effective_from <= (portal.now() at time zone o.time_zone)::date and v.kind = any($2)
order by v.kind, v.subject_id
"""
_OF_SUBJECT = """organisation_id = $1 and kind = $2 and subject_id = $3 and state = 'approved' and applied_at is null
  and effective_from <= $4 order by effective_from, decided_at, id for no key update"""


async def apply_due(actor: Actor) -> int:
    """Apply every value whose day has come, also those of days when nobody scheduled; gives how many settings moved.

    Safe to run twice and at once: each setting is locked and asked again, in a transaction of its own.
    """
    async with viewing(actor) as view:
        due = await view.fetch(_DUE, actor.organisation_id, list(SETTINGS))
    for row in due:
        async with changing(actor) as change:
            await _apply(change, row["kind"], row["subject_id"])
    return len(due)


async def _apply(change: Change, name: str, subject_id: UUID) -> None:
    """Of several that are due the last one holds; one that something later came over is only noted."""
    kind = kind_of(name)
    row, today = await row_of(change, kind, subject_id), await today_of(change)
    due = await change.rows(SettingVersion, _OF_SUBJECT, change.actor.organisation_id, name, subject_id, today)
    if not due:
        return
    last = await last_of_day(change, name, subject_id, today)
    if last is not None and last.id == due[-1].id:
        write_value(change, kind, row, last)
    for version in due:
        version.applied_at = change.now
        change.record(SettingApplied(version.id, name, version.concerns), version)
    change.write_all(due)
