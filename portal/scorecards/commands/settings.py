"""By what a buyer scores its suppliers: how early and how full counts, and how much each criterion weighs."""

from typing import Any

import msgspec

from portal.platform.actor import Actor
from portal.platform.work import changing
from portal.scorecards.commands.deliveries import derive
from portal.scorecards.events import ScoreSettingsChanged
from portal.scorecards.forms import SettingsForm
from portal.scorecards.rules import SCORED
from portal.scorecards.tables import Organisation

_DELIVERED = """
select distinct line_id from schedule_fact where buyer_id = $1 and not migrated and last_delivered is not null
"""


async def set_settings(actor: Actor, form: SettingsForm) -> Organisation:
    """Score by other rules from now on: every open month is told by them, and the kept scores follow at once.

    Another early window decides anew of every delivery whether it was in time; the facts themselves stay what they are.
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
            lines = await change.fetch(_DELIVERED, actor.organisation_id)
            derive(change, [line["line_id"] for line in lines])
        change.record(ScoreSettingsChanged(form.early_days, form.in_full_tolerance, weights), buyer)
    return buyer
