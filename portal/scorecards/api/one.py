"""One supplier: its scorecard, and the facts behind each of its figures; and by what the buyer scores."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from litestar import Response, get, put
from litestar.params import FromPath, FromQuery, JSONBody

from portal.access.guards import Acting, may
from portal.organisations.forms import PartyOut
from portal.platform.decimals import half_up
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.scorecards import commands, queries
from portal.scorecards.forms import CriterionOut, FactOut, ScorecardOut, SettingsForm, SettingsOut
from portal.scorecards.queries import AskedFacts, Pair
from portal.scorecards.rules import Figure, Period, Score, points, share
from portal.settings.forms import SettingVersionOut
from portal.settings.queries import version
from portal.web.answers import tagged
from portal.web.render import url


@get("/{supplier_id:uuid}/scorecard", guards=[may("scorecards:read")], operation_id="getScorecard")
async def show(
    actor: Acting,
    supplier_id: FromPath[UUID],
    period: FromQuery[str | None] = None,
    buyer_id: FromQuery[UUID | None] = None,
) -> ScorecardOut:
    """The score of a month such as `2026-10` (the present one if none is named), of `last-12-months` or of `all` time.

    A buyer asks about its suppliers, a supplier about itself; with several customers it names one by `buyer_id`.
    """
    async with viewing(actor) as view:
        pair = await queries.pair_of(view, supplier_id, buyer_id)
        chosen = pair.period(period)
        scored, revision = await queries.score_and_revision(view, pair, chosen)
    return _scorecard(pair, chosen, scored, revision, buyer_id)


@get("/{supplier_id:uuid}/scorecard/facts", guards=[may("scorecards:read")], operation_id="listScorecardFacts")
async def list_facts(
    actor: Acting,
    supplier_id: FromPath[UUID],
    criterion: FromQuery[str] = "",
    period: FromQuery[str | None] = None,
    buyer_id: FromQuery[UUID | None] = None,
    now: FromQuery[bool] = False,
    revision: FromQuery[int | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[FactOut]:
    """The facts behind one figure, newest first: Σ achieved ÷ Σ base of them all is the figure.

    Of a frozen month these are the facts as they were: of its latest revision, or of the `revision` that is named; with
    `now`, those that are known now. Whoever looks after a part of the company is shown the orders of that part.
    """
    async with viewing(actor) as view:
        pair = await queries.pair_of(view, supplier_id, buyer_id)
        asked = AskedFacts(criterion, now, revision)
        return await queries.facts(view, pair, pair.period(period), asked, cursor=cursor, limit=clamp(limit))


def _scorecard(pair: Pair, period: Period, scored: Score, revision: int, buyer_id: UUID | None) -> ScorecardOut:
    return ScorecardOut(
        period=period.code,
        buyer=PartyOut(pair.buyer_id, pair.buyer_name),
        supplier=PartyOut(pair.supplier_id, pair.supplier_name),
        score=points(scored.value),
        raw_score=points(scored.raw.value),
        revision=revision,
        standing=scored.standing,
        no_standing_because=scored.missing,
        coverage=half_up(scored.coverage, 1),
        count=scored.count,
        criteria=[_criterion(pair, period, scored, name, buyer_id) for name in scored.weights],
    )


def _criterion(pair: Pair, period: Period, scored: Score, name: str, buyer_id: UUID | None) -> CriterionOut:
    figure = scored.figures.get(name) or Figure(name, 0, Decimal(0), Decimal(0))
    path = f"/api/v1/suppliers/{pair.supplier_id}/scorecard/facts"
    return CriterionOut(
        name=name,
        weight=scored.weights[name],
        value=share(figure.value),
        score=points(figure.score),
        raw_value=share(figure.raw.value),
        raw_score=points(figure.raw.score),
        excused=figure.excused.count,
        count=figure.count,
        achieved=figure.achieved,
        base=figure.base,
        median_hours=figure.median_hours,
        facts_url=url(path, period=period.code, criterion=name, buyer_id=buyer_id),
    )


@get("/settings", guards=[may("scorecards:read")], operation_id="getScorecardSettings")
async def show_settings(actor: Acting) -> Response[SettingsOut]:
    """By what the buyer scores: the early window, what counts as in full, and the weights."""
    async with viewing(actor) as view:
        return tagged(await queries.settings_of(view))


@put("/settings", guards=[may("scorecards:configure")], operation_id="setScorecardSettings")
async def set_settings(actor: Acting, data: JSONBody[SettingsForm]) -> Response[SettingVersionOut]:
    """Propose rules for all open months; the weights come to 100. They hold once a second person approved them
    (`approveSetting`) and their day has come."""
    made = await commands.set_settings(actor, data)
    async with viewing(actor) as view:
        return tagged(await version(view, made.id))


OF_SUPPLIERS: list[Any] = [show, list_facts]
OWN: list[Any] = [show_settings, set_settings]
