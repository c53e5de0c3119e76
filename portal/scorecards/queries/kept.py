"""Scores as they are kept by month: what lists and frozen months are told by."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from portal.platform.calendar import Month
from portal.platform.decimals import plain
from portal.platform.work import View
from portal.scorecards.queries.parties import Pair
from portal.scorecards.rules import Bounds, Excused, Figure, Score, score_of, weights_of

# The figures of kept months `s` as they are added up. What was frozen while fill rates and quality were still sums of
# quantities counts as so many lines of that share: quantities of unlike units are never added to shares.
_AS_SHARES = """case when g.{base} > 0 and (g.criterion = 'fill_rate'
  or g.criterion = 'quality' and s.bounds ->> 'edition' is null) then {told} else g.{column} end"""
SUMMED = ", ".join(
    part
    for count, base, achieved in (
        ("count", "base", "achieved"),
        ("excused_count", "excused_base", "excused_achieved"),
    )
    for part in (
        f"g.{count}",
        _AS_SHARES.format(base=base, column=base, told=f"g.{count}"),
        _AS_SHARES.format(
            base=base,
            column=achieved,
            told=f"case when g.{base} = g.{count} then g.{achieved} else g.{achieved} * g.{count} / g.{base} end",
        ),
    )
)
# A figure as rows keep it, for SQL.
RECORD = """(criterion text, count int, base numeric, achieved numeric, excused_count int, excused_base numeric,
  excused_achieved numeric, least_order bigint, greatest_order bigint)"""
_COLUMNS = ("count", "base", "achieved", "median_hours", "excused_count", "excused_base", "excused_achieved")
_ORDERS = ("least_order", "greatest_order")


class Kept(NamedTuple):
    """A month's score as it is kept; `revision` of its scorecard, 0 while the month is open."""

    score: Score
    revision: int


async def kept_in(view: View, pair: Pair, months: Sequence[Month]) -> dict[Month, Kept]:
    """What is kept of these months of the pair."""
    sql = """select month, figures, weights, bounds, revision from supplier_score
      where buyer_id = $1 and supplier_id = $2 and month = any($3::date[])"""
    rows = await view.fetch(sql, pair.buyer_id, pair.supplier_id, [month.first for month in months])
    return {
        Month.of(row["month"]): Kept(told(row["figures"], row["weights"], row["bounds"]), row["revision"])
        for row in rows
    }


async def compared(view: View, suppliers: Sequence[UUID], last: Month, months: int) -> dict[UUID, dict[str, Score]]:
    """The kept scores of the reader's suppliers, by supplier and period: the last months, and twelve together."""
    periods = [str(last.plus(-back)) for back in range(months)]
    sql = """select supplier_id, period, figures, weights, bounds from supplier_score
      where buyer_id = $1 and supplier_id = any($2::uuid[]) and period = any($3::text[])"""
    rows = await view.fetch(sql, view.actor.organisation_id, list(suppliers), [*periods, "last-12-months"])
    found: dict[UUID, dict[str, Score]] = {supplier: {} for supplier in suppliers}
    for row in rows:
        found[row["supplier_id"]][row["period"]] = told(row["figures"], row["weights"], row["bounds"])
    return found


def figures_of(records: Iterable[Any]) -> dict[Any, list[Figure]]:
    """Figures by group: (group, criterion, count, base, achieved, hours, the same three of the excused, and between
    which fingerprints its orders are)."""
    figures: dict[Any, list[Figure]] = {}
    for of, criterion, count, base, achieved, hours, *excused, least, greatest in records:
        figure = Figure(criterion, count, base, achieved, hours, Excused(*excused), least, greatest)
        figures.setdefault(of, []).append(figure)
    return figures


def orders_of(of: str) -> str:
    """Columns of a sum over figures: between which fingerprints their orders are, null where one of them never said."""
    unsaid = f"bool_or({of}.count > 0 and {of}.least_order is null)"
    return ", ".join(
        f"case when not {unsaid} then {which}({of}.{column}) end"
        for which, column in zip(("min", "max"), _ORDERS, strict=True)
    )


def told(
    figures: Sequence[Mapping[str, Any]], weights: Mapping[str, str], bounds: Mapping[str, Any] | None = None
) -> Score:
    """The score that is kept as these figures, weights and bounds."""
    return score_of([_figure(each) for each in figures], weights_of(weights), Bounds.of(bounds))


def kept_figures(score: Score) -> list[dict[str, Any]]:
    """The figures of a score as they are kept: decimals as exact text, criteria in the order of their names."""
    return [_plain(score.figures[name]) for name in sorted(score.figures)]


def alike(one: Score, other: Score) -> bool:
    """Whether both say the same, whatever orders it is of."""
    return seen_figures(kept_figures(one)) == seen_figures(kept_figures(other))


def seen_figures(kept: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Kept figures without the fingerprints of their orders, which say nothing to anybody."""
    return [{name: value for name, value in each.items() if name not in _ORDERS} for each in kept]


def _figure(kept: Mapping[str, Any]) -> Figure:
    hours = kept["median_hours"]
    return Figure(
        kept["criterion"],
        kept["count"],
        Decimal(kept["base"]),
        Decimal(kept["achieved"]),
        None if hours is None else Decimal(hours),
        Excused(kept["excused_count"], Decimal(kept["excused_base"]), Decimal(kept["excused_achieved"])),
        kept.get("least_order"),
        kept.get("greatest_order"),
    )


def _plain(figure: Figure) -> dict[str, Any]:
    values = (figure.count, figure.base, figure.achieved, figure.median_hours, *figure.excused)
    told = {
        name: plain(value) if isinstance(value, Decimal) else value
        for name, value in zip(_COLUMNS, values, strict=True)
    }
    orders = {name: getattr(figure, name) for name in _ORDERS}
    return {"criterion": figure.criterion} | told | orders
