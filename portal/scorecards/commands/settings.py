"""By what a buyer scores its suppliers: how early and how full counts, what weighs how much, what makes a standing."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from portal.platform.actor import Actor
from portal.platform.decimals import plain
from portal.platform.wiring import Job
from portal.platform.work import Change
from portal.scorecards.events import ScoreSettingsChanged
from portal.scorecards.forms import SettingsForm
from portal.scorecards.rules import SCORED
from portal.scorecards.tables import Organisation, SettingVersion
from portal.settings.commands import propose

WINDOWS = "scorecards.windows"
SCORING = "scoring"
COLUMNS = (
    "score_early_days",
    "score_in_full_tolerance",
    "score_weights",
    "score_consequences",
    "score_freeze_days",
    "score_standings",
    "score_least_count",
    "score_least_coverage",
)


async def set_settings(actor: Actor, form: SettingsForm) -> SettingVersion:
    """Propose other rules: once a second person approved them and their day has come, every open month is told by them,
    a frozen one by its own for good."""
    value = _value(form)
    return await propose(actor, SCORING, actor.organisation_id, value, from_day=form.from_day, reason=form.reason or "")


def settings_applied(change: Change, buyer: Organisation, before: Mapping[str, Any]) -> None:
    """Scores follow. Another early window decides anew of deliveries whether they were in time: that is a job, as
    history may be long."""
    if buyer.score_early_days != before["score_early_days"]:
        change.later(Job(WINDOWS, buyer.id, {}))
    weights = buyer.score_weights or {}
    change.record(ScoreSettingsChanged(buyer.score_early_days, buyer.score_in_full_tolerance, weights), buyer)


def _value(form: SettingsForm) -> dict[str, Any]:
    """The columns that the form says something of."""
    value: dict[str, Any] = {
        "score_early_days": form.early_days,
        "score_in_full_tolerance": form.in_full_tolerance,
        "score_weights": {name: _exact(getattr(form.weights, name)) for name in SCORED},
    }
    if form.consequences is not None:
        value["score_consequences"] = msgspec.to_builtins(form.consequences)
    if form.freeze_days is not msgspec.UNSET:
        value["score_freeze_days"] = form.freeze_days
    if form.standings is not None:
        bounds = ("warn", "good")
        value["score_standings"] = {name: _exact(getattr(form.standings, name)) for name in bounds}
    least = {f"score_{name}": getattr(form, name) for name in ("least_count", "least_coverage")}
    return value | {column: each for column, each in least.items() if each is not None}


def _exact(value: Decimal) -> str:
    return plain(value.normalize())
