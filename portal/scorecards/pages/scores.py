"""Scores in a browser: a supplier's score with its months, and how customers see oneself."""

from typing import Any, NamedTuple
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from portal.access.guards import Acting, allowed, may, panels
from portal.platform.actor import Actor
from portal.platform.calendar import Month
from portal.platform.decimals import ZERO
from portal.platform.i18n import Message, _
from portal.platform.wiring import Panel
from portal.platform.work import View, viewing
from portal.scorecards import queries
from portal.scorecards.queries import MonthScore, Pair
from portal.scorecards.rules import (
    CRITERIA,
    LATELY,
    MISSING,
    MONTHS,
    Figure,
    Period,
    Score,
    score_of,
)
from portal.web import page
from portal.web.formats import month as month_name
from portal.web.formats import percent, quantity
from portal.web.parts import Criterion
from portal.web.render import url


class Card(NamedTuple):
    """One score as a page shows it; `buyer_id` stays in its links where a supplier looks at itself."""

    pair: Pair
    period: Period
    scored: Score
    own: bool
    revision: int = 0

    @property
    def missing(self) -> Message | None:
        """Why there is no standing, in words."""
        if self.scored.missing is None:
            return None
        bounds = self.scored.bounds
        least = bounds.least_coverage if self.scored.missing == "low_coverage" else bounds.least_count
        return Message(MISSING[self.scored.missing].text, {"least": least})

    @property
    def criteria(self) -> list[Criterion]:
        return [self._criterion(name) for name in CRITERIA]

    def href(self, period: str = "") -> str:
        return self._url("", period=period or self.period.code)

    def lines(self, criterion: str, **more: Any) -> str:
        """Where the facts behind a criterion are: as they were frozen, of a revision, or as known `now`."""
        return self._url("/lines", criterion=criterion, period=self.period.code, **more)

    def value(self, name: str) -> str | None:
        """A criterion's share as people read it; None without data."""
        figure = self.scored.figures.get(name)
        return None if figure is None or figure.value is None else percent(figure.value)

    def _url(self, below: str, **query: Any) -> str:
        path = f"/suppliers/{self.pair.supplier_id}/scorecard{below}"
        return url(path, **query, buyer_id=self.pair.buyer_id if self.own else None)

    def _detail(self, name: str, figure: Figure | None) -> Message | str:
        """Out of how many; where that weighs nothing, why."""
        if figure is None:
            return CRITERIA[name].meaning
        if figure.excused.count:
            return _excused(figure)
        if self.scored.weights[name] > ZERO:
            return counted(figure)
        return _("{counted}. The supplier can move this date itself: shown, not scored.", counted=counted(figure))

    def _criterion(self, name: str) -> Criterion:
        figure = self.scored.figures.get(name)
        return Criterion(
            name=CRITERIA[name].title,
            score=None if figure is None else figure.score,
            value=self.value(name),
            weight=self.scored.weights[name],
            href=self.lines(name) if figure else "",
            detail=self._detail(name, figure),
        )


def _excused(figure: Figure) -> Message:
    """Raw and excused together: neither is ever shown without the other."""
    return _(
        "{counted}; with the {n} excused: {raw}",
        counted=counted(figure) if figure.count else _("nothing that counts"),
        n=figure.excused.count,
        raw=percent(figure.raw.value),
    )


def counted(figure: Figure) -> Message | str:
    """Out of how many: `9 of 10 lines`; answers with their median time."""
    told = Message(
        CRITERIA[figure.criterion].counted.text,
        {"achieved": quantity(figure.achieved), "base": quantity(figure.base), "count": quantity(figure.count)},
    )
    if figure.median_hours is None:
        return told
    return _("{counted}; half of them within {hours} hours", counted=told, hours=quantity(figure.median_hours))


def named(period: Period) -> Message | str:
    if period.month is not None:
        return month_name(str(period.month))
    return _("All of history") if period.code == "all" else _("Last 12 months")


def choices(pair: Pair, period: Period) -> list[tuple[str, Message | str]]:
    """What a page offers beside the last twelve months together: each of them, all of time, and what is shown now."""
    this = Month.of(pair.today)
    codes = [*(str(this.plus(-back)) for back in range(MONTHS)), "all"]
    if period.code not in (*codes, LATELY):
        codes.append(period.code)
    return [(code, named(pair.period(code))) for code in codes]


@get("/suppliers/{supplier_id:uuid}/scorecard", guards=[may("scorecards:read")], include_in_schema=False)
async def show(
    actor: Acting,
    supplier_id: FromPath[UUID],
    period: FromQuery[str] = LATELY,
    buyer_id: FromQuery[UUID | None] = None,
) -> Response[Any]:
    """The score of a period, and the twelve months up to it."""
    return await shown(actor, supplier_id, period, buyer_id)


async def shown(actor: Actor, supplier_id: UUID, period: str, buyer_id: UUID | None = None) -> Response[Any]:
    """The same page, also for a restatement that is asked for again."""
    async with viewing(actor) as view:
        pair = await queries.pair_of(view, supplier_id, buyer_id)
        card = await card_of(view, pair, pair.period(period or LATELY))
        months = await queries.scores_by_month(view, pair, await _last(view, card))
        frozen = await queries.cards_of(view, pair, card.period.month) if card.revision and card.period.month else []
        now = await queries.score_now(view, pair, card.period, frozen=False) if card.revision else None
        beside = await panels(view, "supplier-score", pair)
    differs = now is not None and not queries.alike(now, card.scored)
    return page(
        "scorecards/show.html",
        card=card,
        months=[_month(card, each) for each in months],
        criteria=CRITERIA,
        standings=card.scored.bounds.standings,
        choices=choices(pair, card.period),
        named=named(card.period),
        frozen=frozen,
        differs=score_of(now.figures.values(), card.scored.weights, card.scored.bounds) if now and differs else None,
        panels=beside,
        restates=not card.own and allowed(actor, "scorecards:restate"),
    )


@get("/scorecard", guards=[may("own-scorecards:read")], include_in_schema=False)
async def show_own(actor: Acting) -> Response[Any]:
    """How each customer sees one's own organisation, over the last twelve months."""
    async with viewing(actor) as view:
        pairs = await queries.customers(view)
        period = pairs[0].period(LATELY) if pairs else None
        scores = await queries.scores_by_customer(view, pairs, period) if period else {}
    cards = [Card(pair, pair.period(LATELY), scores[pair.buyer_id], own=True) for pair in pairs]
    return page("scorecards/own.html", cards=cards)


async def card_of(view: View, pair: Pair, period: Period) -> Card:
    kept = await queries.score_and_revision(view, pair, period)
    return Card(pair, period, kept.score, pair.supplier_id == view.actor.organisation_id, kept.revision)


async def _last(view: View, card: Card) -> Month:
    """The month that the series ends with: the chosen one, the newest that has facts where all of history is shown."""
    newest = await queries.last_month_with_facts(view, card.pair) if card.period.code == "all" else None
    return card.period.month or newest or Month.of(card.pair.today)


def _month(card: Card, each: MonthScore) -> Card:
    return Card(card.pair, card.pair.period(str(each.month)), each.score, card.own, each.revision)


async def _panel(view: View, relation: Any) -> Card:
    pair = await queries.pair_of(view, relation.supplier_id, relation.buyer_id)
    return await card_of(view, pair, pair.period(LATELY))


PANELS = {"supplier": [Panel(_panel, "scorecards/panel.html", 10, "scorecards:read")]}
HANDLERS: list[Any] = [show, show_own]
