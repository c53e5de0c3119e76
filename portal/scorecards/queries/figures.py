"""Figures and scores: sums over facts, for one supplier or all, over a period or month by month, in one statement.

A supplier's month that is frozen is told by its scorecard; facts that came later, or excuses, count in it once it is
restated. A supplier of which nothing was known when a month was frozen has no scorecard of it, and its facts count.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from portal.platform.calendar import Month
from portal.platform.work import View
from portal.scorecards.queries.definition import FACTS, FACTS_OF_THEN, month_of
from portal.scorecards.queries.kept import RECORD, SUMMED, Kept, figures_of, kept_in, orders_of
from portal.scorecards.queries.parties import Pair
from portal.scorecards.rules import MONTHS, Figure, Period, Score, score_of

MONTH = month_of("counts_on")
# Of the facts `{of}`: no scorecard tells their month.
OPEN = f"""not exists (select from supplier_score k where k.buyer_id = {{of}}.buyer_id
  and k.supplier_id = {{of}}.supplier_id and k.month = {month_of("{of}.counts_on")} and k.revision > 0)"""
_OF_PAIR = "buyer_id = $3 and supplier_id = $4"
# A median cannot be made of medians: where some of the answers are in frozen months, there is none.
_WHOLE_MEDIAN = "case when not bool_or(kept) then max(hours) end"
_FROZEN = {MONTH: "s.month", "supplier_id": "s.supplier_id", "buyer_id": "s.buyer_id"}


class MonthScore(NamedTuple):
    """One month's score in a series; `revision` of its scorecard, 0 while it is open."""

    month: Month
    score: Score
    revision: int = 0


def sums() -> str:
    """The columns of a figure over facts: those that count and are not excused, and those that are; and between which
    fingerprints their orders are."""
    plain, excused = (f"filter (where excuse is {how})" for how in ("null", "not null"))
    columns = ("count(*) {}", "trim_scale(coalesce(sum(base) {}, 0))", "trim_scale(coalesce(sum(achieved) {}, 0))")
    orders = (f"{which}(uuid_hash_extended(order_id, 0))" for which in ("min", "max"))
    return ", ".join((*(column.format(each) for each in (plain, excused) for column in columns), *orders))


_MEDIAN = "round((percentile_cont(0.5) within group (order by actual::float8))::numeric, 2)"


def by_criterion(groups: str, condition: str, *more: str, facts: Mapping[str, str] = FACTS) -> str:
    """The figures of each group: each criterion is summed by itself, so that none is sorted but what has a median. The
    `condition` calls the facts `{of}`."""
    return " union all ".join(
        f"select {groups}, '{name}' as criterion, {sums()}, "
        f"{', '.join((_MEDIAN if name == 'responsiveness' else 'null::numeric', *more))} "
        f"from ({sql}) as {name} "
        f"where counts_on >= $1 and counts_on < $2 and {condition.replace('{of}', name)} group by {groups}"
        for name, sql in facts.items()
    )


async def score(view: View, pair: Pair, period: Period) -> Score:
    """The score of a period; a frozen month's is what its scorecard says, weights and all."""
    return (await score_and_revision(view, pair, period)).score


async def score_and_revision(view: View, pair: Pair, period: Period) -> Kept:
    """The same with the revision of the month's scorecard: 0 while figures still move."""
    if period.month is not None and pair.may_be_frozen(period.month):
        kept = (await kept_in(view, pair, [period.month])).get(period.month)
        if kept is not None and kept.revision:
            return kept
    return Kept(await score_now(view, pair, period), 0)


async def score_now(view: View, pair: Pair, period: Period, *, frozen: bool = True) -> Score:
    """What the facts come to that are known now; with `frozen`, frozen months as they are kept, else each of them by
    the rules of then."""
    found = await _figures(view, "supplier_id", period, _OF_PAIR, pair.buyer_id, pair.supplier_id, frozen=frozen)
    return score_of(found.get(pair.supplier_id, ()), pair.weights, pair.bounds)


async def scores_by_month(view: View, pair: Pair, last: Month) -> list[MonthScore]:
    """The scores of twelve months up to and including `last`, oldest first; a month without facts has no data."""
    months = [last.plus(number + 1 - MONTHS) for number in range(MONTHS)]
    kept = await kept_in(view, pair, months)
    span = Period("", months[0].first, last.plus(1).first)
    found = await _figures(view, MONTH, span, _OF_PAIR, pair.buyer_id, pair.supplier_id)
    return [
        MonthScore(month, kept[month].score, kept[month].revision)
        if month in kept and kept[month].revision
        else MonthScore(month, score_of(found.get(month.first, ()), pair.weights, pair.bounds))
        for month in months
    ]


async def scores_by_customer(view: View, pairs: Sequence[Pair], period: Period) -> dict[UUID, Score]:
    """How these customers see the reader's own organisation, each by its own weights."""
    condition = "buyer_id = any($3::uuid[]) and supplier_id = $4"
    buyers = [pair.buyer_id for pair in pairs]
    found = await _figures(view, "buyer_id", period, condition, buyers, view.actor.organisation_id)
    return {pair.buyer_id: score_of(found.get(pair.buyer_id, ()), pair.weights, pair.bounds) for pair in pairs}


async def last_month_with_facts(view: View, pair: Pair) -> Month | None:
    """The month of the newest fact that counts: where a look at all of history begins."""
    newest = " union all ".join(
        f"select max(counts_on) as day from ({sql}) f where buyer_id = $1 and supplier_id = $2"
        for sql in FACTS.values()
    )
    day = await view.value(f"select max(day) from ({newest}) n", pair.buyer_id, pair.supplier_id)
    return None if day is None else Month.of(day)


async def _figures(
    view: View, group: str, period: Period, condition: str, *values: Any, frozen: bool = True
) -> dict[Any, list[Figure]]:
    facts = FACTS if frozen else FACTS_OF_THEN
    live = by_criterion(group, f"{condition} and {OPEN}" if frozen else condition, "false as kept", facts=facts)
    kept = (
        f"select {_FROZEN[group]}, g.criterion, {SUMMED}, g.least_order, g.greatest_order, null, true "
        f"from supplier_score s cross join lateral jsonb_to_recordset(s.figures) as g {RECORD} "
        f"where s.revision > 0 and s.month >= $1 and s.month < $2 and {condition}"
    )
    named = (
        "(of, criterion, count, base, achieved, excused_count, excused_base, excused_achieved, least_order, "
        "greatest_order, hours, kept)"
    )
    sql = (
        f"select of, criterion, sum(count)::int, trim_scale(sum(base)), trim_scale(sum(achieved)), {_WHOLE_MEDIAN}, "
        f"sum(excused_count)::int, trim_scale(sum(excused_base)), trim_scale(sum(excused_achieved)), {orders_of('f')} "
        f"from ({live}{f' union all {kept}' if frozen else ''}) as f {named} group by 1, 2 "
        "having sum(count) + sum(excused_count) > 0"
    )
    return figures_of(await view.fetch(sql, period.first, period.until, *values))
