"""How a supplier kept the service levels of a contract: on the contract's page, beside what was agreed on."""

from typing import Any, NamedTuple

from portal.contracts.forms import ServiceLevelOut
from portal.contracts.queries import service_levels
from portal.platform.calendar import Month
from portal.platform.decimals import HUNDRED, product
from portal.platform.i18n import Message
from portal.platform.refusals import NotFound
from portal.platform.wiring import Panel
from portal.platform.work import View
from portal.scorecards import queries
from portal.scorecards.pages.scores import Card
from portal.scorecards.queries import MonthScore
from portal.scorecards.rules import CRITERIA

SHOWN = 4  # months at most, the running one included; none before the contract


class Kept(NamedTuple):
    """What a month came to by one measure; `kept` is None without facts."""

    month: str
    value: str | None
    kept: bool | None
    href: str


class Level(NamedTuple):
    title: Message
    agreed: ServiceLevelOut
    months: list[Kept]


async def _levels(view: View, contract: Any) -> list[Level] | None:
    """Nothing for a contract that agrees on none or was never in force, and for whoever sees no score of the pair."""
    if contract.activated_at is None or not (agreed := await service_levels(view, contract.id)):
        return None
    try:
        pair = await queries.pair_of(view, contract.supplier_id, contract.buyer_id)
    except NotFound:
        return None
    own = pair.supplier_id == view.actor.organisation_id
    scored = (await queries.scores_by_month(view, pair, Month.of(pair.today)))[-SHOWN:]
    cards = [
        (each, Card(pair, pair.period(str(each.month)), each.score, own, each.revision))
        for each in scored
        if each.month >= Month.of(contract.valid_from)
    ]
    return [Level(CRITERIA[one.measure].title, one, [_kept(one, *each) for each in cards]) for one in agreed]


def _kept(agreed: ServiceLevelOut, each: MonthScore, card: Card) -> Kept:
    figure = each.score.figures.get(agreed.measure)
    value = None if figure is None else figure.value
    kept = None if value is None else product(value, HUNDRED) >= agreed.least
    return Kept(str(each.month), card.value(agreed.measure), kept, card.lines(agreed.measure))


PANELS = {"contract": [Panel(_levels, "scorecards/levels.html", 10, "scorecards:read")]}
