"""Deciding on a proposal: never by who made it, nor by whom it concerns."""

from uuid import UUID

from portal.access.guards import require_proof
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Denied
from portal.platform.wiring import WIRING
from portal.platform.work import Change, changing
from portal.settings.commands.versions import kind_of, last_of, row_of, today_of, write_value
from portal.settings.events import SettingApproved, SettingDeclined, SettingWithdrawn
from portal.settings.states import SETTING
from portal.settings.tables import SettingVersion


async def approve(actor: Actor, setting_id: UUID, reason: str = "") -> SettingVersion:
    """Let the value hold from its day on: from today, where that day has come; else the scheduler applies it then.

    Raises `ProofNeeded` where the kind takes a second factor of who approves it, `Conflict` where another value became
    the last one since this was proposed.
    """
    async with changing(actor, SettingVersion, setting_id) as (change, version):
        SETTING.take("approve", version, change)
        kind = kind_of(version.kind)
        if kind.proved:
            require_proof(actor)
        row = await row_of(change, kind, version.subject_id)
        last = await last_of(change, version.kind, version.subject_id)
        if (last and last.id) != version.supersedes:
            raise Conflict(
                _("This was proposed against a value that has changed since. Decline it, and propose it anew."),
                subject_id=version.id,
            )
        today = await today_of(change)
        version.effective_from = max(version.effective_from, today)
        _decide(change, version, reason)
        change.record(SettingApproved(version.id, version.kind, version.effective_from, version.concerns), version)
        if version.effective_from <= today:
            write_value(change, kind, row, version)
            version.applied_at = change.now
    return version


async def decline(actor: Actor, setting_id: UUID, reason: str = "") -> SettingVersion:
    """The value stays as it is; who proposed another reads why."""
    async with changing(actor, SettingVersion, setting_id) as (change, version):
        SETTING.take("decline", version, change)
        _decide(change, version, reason)
        change.record(SettingDeclined(version.id, version.kind, reason, version.concerns), version)
    return version


async def withdraw(actor: Actor, setting_id: UUID, reason: str = "") -> SettingVersion:
    """Take a proposal back, or an approved value before its day: who proposed it, or who might have declined it."""
    async with changing(actor, SettingVersion, setting_id) as (change, version):
        SETTING.take("withdraw", version, change)
        if version.created_by != actor.person_id:
            _require_checker(change, version)
        _decide(change, version, reason)
        change.record(SettingWithdrawn(version.id, version.kind, reason, version.concerns), version)
    return version


def _decide(change: Change, version: SettingVersion, reason: str) -> None:
    version.decided_by, version.decided_at, version.decision_reason = change.actor.person_id, change.now, reason
    change.write(version)


def _require_checker(change: Change, version: SettingVersion) -> None:
    assert WIRING.require is not None
    try:
        WIRING.require(change.actor, "settings:check", version)
    except Denied as refusal:
        raise Denied(_("Only who proposed this, or who may decide on it, takes it back.")) from refusal
