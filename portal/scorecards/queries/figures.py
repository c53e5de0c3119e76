"""Figures and scores: sums over facts, for one supplier or all, over a period or month by month, in one statement."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from portal.platform.calendar import Month
from portal.platform.decimals import ZERO
from portal.platform.work import View
from portal.scorecards.forms import SupplierTotals
from portal.scorecards.queries.definition import EVERYTHING
from portal.scorecards.queries.parties import Pair
from portal.scorecards.rules import MONTHS, WEIGHTS, Figure, Period, Score, score_of

_MEDIAN = "percentile_cont(0.5) within group (order by actual::float8) filter (where criterion = 'responsiveness')"
_SUMS = f"count(*), trim_scale(sum(base)), trim_scale(sum(achieved)), round(({_MEDIAN})::numeric, 2)"
_MONTH = "date_trunc('month', counts_on::timestamp)::date"
_OF_PAIR = "buyer_id = $3 and supplier_id = $4"


class MonthScore(NamedTuple):
    """One month's score in a series."""

    month: Month
    score: Score


async def score(view: View, pair: Pair, period: Period) -> Score:
    found = await _figures(view, "supplier_id", period, _OF_PAIR, pair.buyer_id, pair.supplier_id)
    return score_of(found.get(pair.supplier_id, ()), pair.weights)


async def scores_by_month(view: View, pair: Pair, last: Month) -> list[MonthScore]:
    """The scores of twelve months up to and including `last`, oldest first; a month without facts has no data."""
    months = [last.plus(number + 1 - MONTHS) for number in range(MONTHS)]
    span = Period("", months[0].first, last.plus(1).first)
    found = await _figures(view, _MONTH, span, _OF_PAIR, pair.buyer_id, pair.supplier_id)
    return [MonthScore(month, score_of(found.get(month.first, ()), pair.weights)) for month in months]


async def scores_of_suppliers(
    view: View, period: Period, suppliers: Sequence[UUID] | None = None, weights: Mapping[str, Decimal] = WEIGHTS
) -> dict[UUID, Score]:
    """The scores of the reader's suppliers, all or these; a supplier without facts is not among them."""
    condition, values = "buyer_id = $3", [view.actor.organisation_id]
    if suppliers is not None:
        condition, values = f"{condition} and supplier_id = any($4::uuid[])", [*values, list(suppliers)]
    found = await _figures(view, "supplier_id", period, condition, *values)
    return {supplier: score_of(figures, weights) for supplier, figures in found.items()}


async def scores_by_customer(view: View, pairs: Sequence[Pair], period: Period) -> dict[UUID, Score]:
    """How these customers see the reader's own organisation, each by its own weights."""
    condition = "buyer_id = any($3::uuid[]) and supplier_id = $4"
    buyers = [pair.buyer_id for pair in pairs]
    found = await _figures(view, "buyer_id", period, condition, buyers, view.actor.organisation_id)
    return {pair.buyer_id: score_of(found.get(pair.buyer_id, ()), pair.weights) for pair in pairs}


async def totals_by_supplier(view: View) -> dict[UUID, SupplierTotals]:
    """What was received, rejected, ordered and filled of all that the buyer ever issued, by supplier."""
    found = await scores_of_suppliers(view, Period.parse("all", date.min))
    return {supplier: _totals(scored) for supplier, scored in found.items()}


async def last_month_with_facts(view: View, pair: Pair) -> Month | None:
    """The month of the newest fact that counts: where a look at all of history begins."""
    sql = f"select max(counts_on) from ({EVERYTHING}) f where buyer_id = $1 and supplier_id = $2"
    newest = await view.value(sql, pair.buyer_id, pair.supplier_id)
    return None if newest is None else Month.of(newest)


async def _figures(view: View, group: str, period: Period, condition: str, *values: Any) -> dict[Any, list[Figure]]:
    sql = (
        f"select {group} as of, criterion, {_SUMS} from ({EVERYTHING}) f "
        f"where counts_on >= $1 and counts_on < $2 and {condition} group by 1, 2"
    )
    figures: dict[Any, list[Figure]] = {}
    for of, *figure in await view.fetch(sql, period.first, period.until, *values):
        figures.setdefault(of, []).append(Figure(*figure))
    return figures


def _totals(scored: Score) -> SupplierTotals:
    quality, filled = scored.figures.get("quality"), scored.figures.get("fill_rate")
    return SupplierTotals(
        received=quality.base if quality else ZERO,
        rejected=quality.base - quality.achieved if quality else ZERO,
        ordered=filled.base if filled else ZERO,
        filled=filled.achieved if filled else ZERO,
        quality=quality.value if quality else None,
        fill_rate=filled.value if filled else None,
    )
