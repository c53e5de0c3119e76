"""Proposing a value, and taking something away at once."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, FieldError, Invalid, NotFound
from portal.platform.wiring import SettingKind
from portal.platform.work import Change, changing
from portal.platform.work.change import expect_version
from portal.platform.work.rows import Row
from portal.settings.commands.versions import kind_of, last_of, row_of, said, today_of, value_of
from portal.settings.events import SettingLowered, SettingProposed, SettingWithdrawn
from portal.settings.forms import TolerancesProposal
from portal.settings.tables import SettingVersion

_WAITING = """organisation_id = $1 and kind = $2 and subject_id = $3
  and (state = 'proposed' or (state = 'approved' and applied_at is null))"""


async def propose(
    actor: Actor,
    name: str,
    subject_id: UUID,
    value: Mapping[str, Any],
    *,
    from_day: date | None = None,
    reason: str = "",
) -> SettingVersion:
    """Propose a value (of some columns or all) from a day on, today at the earliest; a second person decides on it."""
    kind = kind_of(name)
    async with changing(actor) as change:
        change.require(kind.proposes)
        row = await row_of(change, kind, subject_id)
        expect_version(actor, row)
        return await propose_within(change, name, row, value, from_day=from_day, reason=reason)


async def propose_tolerances(actor: Actor, name: str, subject_id: UUID, form: TolerancesProposal) -> SettingVersion:
    """Propose tolerances of the company, a supplier or an item."""
    kept, steps = form.tolerances.kept(), kind_of(name).steps
    if not steps:
        raise NotFound()
    if foreign := [step for step in kept if step not in steps]:
        message = _("This is set for a supplier or for the whole company.")
        raise Invalid(errors=[FieldError(f"tolerances.{step}", message) for step in foreign])
    value = {"tolerances": kept}
    return await propose(actor, name, subject_id, value, from_day=form.from_day, reason=form.reason)


async def propose_within(
    change: Change,
    name: str,
    row: Row,
    value: Mapping[str, Any],
    *,
    from_day: date | None = None,
    reason: str = "",
    by: UUID | None = None,
    after: SettingVersion | None = None,
    setting_id: UUID | None = None,
) -> SettingVersion:
    """The same inside another act; `by` is who asked for it, where the act is not theirs, `after` the version that the
    act itself wrote just now, `setting_id` how the act calls the proposal already."""
    kind = kind_of(name)
    subject_id = getattr(row, kind.named)
    today, last = await today_of(change), after or await last_of(change, name, subject_id)
    present = last.value if last else value_of(kind, row)
    version = _new(change, name, kind, row, dict(present) | {each: said(part) for each, part in value.items()}, reason)
    version.id = setting_id or version.id
    version.created_by = by or change.actor.person_id
    version.effective_from = from_day or today
    version.supersedes = last and last.id
    if version.effective_from < today:
        raise Invalid.field("from_day", _("A setting holds from today on at the earliest: days that passed stay."))
    if last is not None and version.effective_from < last.effective_from:
        message = _(
            "Another value is approved from {day} on. Propose one for that day or later.", day=last.effective_from
        )
        raise Invalid.field("from_day", message)
    if version.value == present:
        raise Conflict(_("Nothing would change: this is the value already."))
    change.add(version)
    change.record(SettingProposed(version.id, name, version.effective_from, reason, version.concerns), version)
    return version


async def lower(change: Change, name: str, row: Row, value: Mapping[str, Any], reason: str = "") -> SettingVersion:
    """What was taken away just now by who may: it holds at once, and nothing that still waits comes over it.

    The caller holds the subject's row. What somebody decides on at this moment is out of date for them.
    """
    kind = kind_of(name)
    version = _new(change, name, kind, row, value, reason)
    waiting = await change.rows(
        SettingVersion, f"{_WAITING} for no key update skip locked", version.organisation_id, name, version.subject_id
    )
    for each in waiting:
        each.state, each.decided_by, each.decided_at = "withdrawn", change.actor.person_id, change.now
        each.decision_reason = str(_("A lower value took its place at once."))
        change.record(SettingWithdrawn(each.id, name, each.decision_reason, each.concerns), each)
    change.write_all(waiting)
    gone = {each.id for each in waiting}
    last = await last_of(change, name, version.subject_id)
    version.supersedes = last.id if last and last.id not in gone else None
    version.created_by, version.effective_from = change.actor.person_id, await today_of(change)
    version.way, version.state = "at_once", "approved"
    version.decided_at = version.applied_at = change.now
    change.add(version)
    change.record(SettingLowered(version.id, name, version.concerns), version)
    return version


def _new(
    change: Change, name: str, kind: SettingKind, row: Row, value: Mapping[str, Any], reason: str
) -> SettingVersion:
    return SettingVersion(
        id=new_id(),
        organisation_id=change.actor.organisation_id,
        kind=name,
        subject_id=getattr(row, kind.named),
        subject_name=str(getattr(row, "number", None) or getattr(row, "name", None) or ""),
        concerns=getattr(row, "person_id", None),
        value=dict(value),
        reason=reason,
        created_at=change.now,
    )
