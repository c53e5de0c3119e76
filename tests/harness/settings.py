"""Situations of settings: proposed by one, approved by another."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.scorecards.commands import set_settings
from portal.scorecards.forms import SettingsForm
from portal.settings import commands
from portal.settings.forms import TolerancesProposal
from portal.settings.tables import SettingVersion
from tests.harness.world import Organised

WHY = "Cut to length: the last piece is never exact."


async def proposed_tolerances(
    company: Organised,
    tolerances: Mapping[str, Any],
    *,
    kind: str = "company-tolerances",
    of: UUID | None = None,
    from_day: str | None = None,
    by: Actor | None = None,
) -> SettingVersion:
    """Tolerances of the company, or of a supplier or item, that wait for a second person."""
    form = convert(TolerancesProposal, {"tolerances": dict(tolerances), "reason": WHY, "from_day": from_day})
    return await commands.propose_tolerances(by or company.supplier_manager, kind, of or company.id, form)


async def set_tolerances(company: Organised, tolerances: Mapping[str, Any], **of: Any) -> SettingVersion:
    """The same, approved by the approver."""
    made = await proposed_tolerances(company, tolerances, **of)
    return await commands.approve(company.approver, made.id)


async def scored_by(company: Organised, told: Mapping[str, Any]) -> SettingVersion:
    """The company's rules of scoring, proposed by the supplier manager and approved by the approver."""
    made = await set_settings(company.supplier_manager, convert(SettingsForm, dict(told)))
    return await commands.approve(company.approver, made.id)
