"""The page on which a buyer says how it scores its suppliers."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from litestar import Request, Response, get, post

from portal.access.guards import Acting, may
from portal.organisations.queries import CONSEQUENCES, consequences_of
from portal.platform.actor import Actor
from portal.platform.decimals import plain
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.wiring import SettingKind
from portal.platform.work import viewing
from portal.scorecards import commands, queries
from portal.scorecards.forms import SettingsForm, SettingsOut
from portal.scorecards.rules import CRITERIA, SCORED, STANDINGS, Bounds, weights_of
from portal.scorecards.tables import Organisation
from portal.settings.queries import has_checker, waiting
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import as_seen, read_form

AT = "/scorecards/settings"


@get(AT, guards=[may("scorecards:configure")], include_in_schema=False)
async def show(actor: Acting) -> Response[Any]:
    return await _page(actor)


@post(AT, guards=[may("scorecards:configure")], include_in_schema=False)
async def save(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    typed = await read_form(request)
    try:
        wanted = typed.convert(SettingsForm, only=SettingsForm.__struct_fields__)
    except Invalid as refusal:
        return await _page(actor, typed.again(refusal), status=422)
    try:
        made = await commands.set_settings(as_seen(actor, typed), wanted)
    except (Invalid, Conflict) as refusal:
        errors = refusal.errors or [FieldError("", refusal.message)]
        return await _page(actor, Form(typed.values, errors), status=refusal.status)
    return go(f"/settings/versions/{made.id}", _("Proposed. It holds once a second person approved it."))


async def _page(actor: Actor, form: Form | None = None, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        settings = await queries.settings_of(view)
        waits = [each for each in await waiting(view) if each.kind == commands.SCORING]
        alone = not await has_checker(view, actor.person_id)
    criteria = [(name, CRITERIA[name].title) for name in SCORED]
    filled = form or Form(_present(settings))
    return page(
        "scorecards/settings.html",
        status=status,
        form=filled,
        version=settings.version,
        criteria=criteria,
        standings=[(each.code, each.title) for each in reversed(STANDINGS)],
        brings=list(CONSEQUENCES.items()),
        frozen_until=settings.frozen_until,
        waits=waits,
        alone=alone,
    )


def _present(settings: SettingsOut) -> dict[str, str]:
    weights = {f"weights.{name}": plain(weight) for name, weight in settings.weights.items()}
    early = "" if settings.early_days is None else str(settings.early_days)
    days = "" if settings.freeze_days is None else str(settings.freeze_days)
    brings = {f"consequences.{standing}": each for standing, each in settings.consequences.items()}
    told = {"standings.warn": plain(settings.standings.warn), "standings.good": plain(settings.standings.good)}
    told |= {"least_count": str(settings.least_count), "least_coverage": plain(settings.least_coverage)}
    told |= {"early_days": early, "freeze_days": days, "in_full_tolerance": plain(settings.in_full_tolerance)}
    return told | brings | weights


def _words(value: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """A version of the rules in words."""
    weights, bounds = weights_of(value["score_weights"]), Bounds.of(value["score_standings"])
    brings = consequences_of(value["score_consequences"])
    early, frozen = value["score_early_days"], value["score_freeze_days"]
    standings = {each.code: each.title for each in reversed(STANDINGS)}
    return [
        (_("Days too early that count as on time"), _("any") if early is None else early),
        (_("Missing percent that counts as in full"), _percent(value["score_in_full_tolerance"])),
        *((CRITERIA[name].title, _percent(weights[name])) for name in SCORED),
        *(
            (_("{standing} from", standing=standings[name]), _percent(getattr(bounds, name)))
            for name in ("good", "warn")
        ),
        (_("Least facts for a standing"), value["score_least_count"]),
        (_("Least weights with data for a standing"), _percent(value["score_least_coverage"])),
        *(
            (_("{standing} brings", standing=title), CONSEQUENCES[brings[code]])
            for code, title in standings.items()
            if code in brings
        ),
        (_("Days after its end when a month is frozen"), _("never by itself") if frozen is None else frozen),
    ]


def _percent(value: Any) -> Any:
    return _("{n} %", n=Decimal(value))


SETTINGS = {
    commands.SCORING: SettingKind(
        _("How suppliers are scored"), Organisation, "id", commands.COLUMNS, "scorecards:configure", AT, _words,
        opens="scorecards:configure", applied=commands.settings_applied,
    )
}  # fmt: skip
HANDLERS = [show, save]
