"""Frozen scorecards in a browser: one of them with its document, freezing a month, and telling one anew."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may, panels
from portal.platform.calendar import Month
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.wiring import Subject
from portal.platform.work import viewing
from portal.scorecards import commands, queries
from portal.scorecards.forms import MonthForm
from portal.scorecards.pages.scores import shown
from portal.scorecards.rules import CRITERIA
from portal.web import page
from portal.web.context import correcting
from portal.web.flash import go
from portal.web.formats import month as month_name
from portal.web.input import as_seen, read_form, reason_of, refused

AnyRequest = Request[Any, Any, Any]


@get("/scorecards/{scorecard_id:uuid}", guards=[may("scorecards:read")], include_in_schema=False)
async def show(actor: Acting, scorecard_id: FromPath[UUID]) -> Response[Any]:
    """What a month said when it was frozen, or after it was restated; its other revisions beside it."""
    async with viewing(actor) as view:
        card = await queries.card_row(view, scorecard_id)
        pair = await queries.pair_of(view, card.supplier_id, card.buyer_id)
        others = await queries.cards_of(view, pair, Month.of(card.month))
        sections = await panels(view, "scorecard", card)
    scored = queries.told(card.figures, card.weights, card.rules.get("bounds"))
    return page(
        "scorecards/frozen.html",
        card=card,
        scored=scored,
        others=others,
        panels=sections,
        criteria=CRITERIA,
        standings=scored.bounds.standings,
        own=card.supplier_id == actor.organisation_id,
    )


@post("/scorecards/freeze", guards=[may("scorecards:freeze")], include_in_schema=False)
async def freeze(request: AnyRequest, actor: Acting) -> Response[Any]:
    form = (await read_form(request)).convert(MonthForm, only=("month",))
    month = await commands.freeze(actor, Month.parse(form.month))
    said = _("{month} is frozen. What changes in it from now on is restated.", month=month_name(str(month)))
    return go(f"/scorecards?period={month}", said)


@post("/suppliers/{supplier_id:uuid}/scorecard/restate", guards=[may("scorecards:restate")], include_in_schema=False)
async def restate(request: AnyRequest, actor: Acting, supplier_id: FromPath[UUID]) -> Response[Any]:
    """Tell a frozen month anew; without a reason the page asks for it again."""
    typed = await read_form(request)
    month = Month.parse(typed.convert(MonthForm, only=("month",)).month)
    try:
        reason = reason_of(typed, _("Say what changed: the supplier reads this beside both figures."))
    except Invalid as refusal:
        correcting(f"/suppliers/{supplier_id}/scorecard", request.url.path, typed.again(refusal))
        return refused(await shown(actor, supplier_id, str(month)), refusal)
    card = await commands.restate(as_seen(actor, typed), supplier_id, month, reason)
    said = _("{month} is restated. Both figures stay to be read.", month=month_name(str(month)))
    return go(f"/scorecards/{card.id}", said)


SUBJECTS = {"scorecard": Subject(_("Scorecard"), "/scorecards/{id}", "scorecards:read")}
HANDLERS: list[Any] = [show, freeze, restate]
