"""The page on which a buyer says how it scores its suppliers."""

from typing import Any

from litestar import Request, Response, get, post

from portal.access.guards import Acting, may
from portal.organisations.queries import CONSEQUENCES
from portal.platform.actor import Actor
from portal.platform.decimals import plain
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.work import viewing
from portal.scorecards import commands, queries
from portal.scorecards.forms import SettingsForm, SettingsOut
from portal.scorecards.rules import CRITERIA, SCORED, STANDINGS
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
    await commands.set_settings(as_seen(actor, typed), wanted)
    return go(AT, _("Suppliers are scored by these rules from now on."))


async def _page(actor: Actor, form: Form | None = None, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        settings = await queries.settings_of(view)
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
    )


def _present(settings: SettingsOut) -> dict[str, str]:
    weights = {f"weights.{name}": plain(weight) for name, weight in settings.weights.items()}
    early = "" if settings.early_days is None else str(settings.early_days)
    days = "" if settings.freeze_days is None else str(settings.freeze_days)
    brings = {f"consequences.{standing}": each for standing, each in settings.consequences.items()}
    told = {"early_days": early, "freeze_days": days, "in_full_tolerance": plain(settings.in_full_tolerance)}
    return told | brings | weights


HANDLERS = [show, save]
