"""By what a buyer scores its suppliers: how early and how full counts, and how much each criterion weighs."""

from typing import Any

import msgspec

from portal.platform.actor import Actor
from portal.platform.wiring import Job
from portal.platform.work import changing
from portal.scorecards.events import ScoreSettingsChanged
from portal.scorecards.forms import SettingsForm
from portal.scorecards.rules import SCORED
from portal.scorecards.tables import Organisation

WINDOWS = "scorecards.windows"


async def set_settings(actor: Actor, form: SettingsForm) -> Organisation:
    """Score by other rules from now on: every open month is told by them, a frozen one by its own for good.

    Another early window decides anew of deliveries whether they were in time: that is a job, as history may be long.
    """
    async with changing(actor, Organisation, actor.organisation_id) as (change, buyer):
        change.require("scorecards:configure", buyer)
        weights: dict[str, Any] = {name: str(getattr(form.weights, name)) for name in SCORED}
        moved = buyer.score_early_days != form.early_days
        buyer.score_early_days, buyer.score_in_full_tolerance = form.early_days, form.in_full_tolerance
        buyer.score_weights = weights
        if form.consequences is not None:
            buyer.score_consequences = msgspec.to_builtins(form.consequences)
        if form.freeze_days is not msgspec.UNSET:
            buyer.score_freeze_days = form.freeze_days
        change.write(buyer)
        if moved:
            change.later(Job(WINDOWS, actor.organisation_id, {}))
        change.record(ScoreSettingsChanged(form.early_days, form.in_full_tolerance, weights), buyer)
    return buyer
