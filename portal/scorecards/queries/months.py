"""What recomputing and freezing read: the figures of many suppliers by month, and what is kept of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from portal.platform.calendar import Month
from portal.platform.work import View
from portal.scorecards.queries.figures import MONTH, OPEN, by_criterion
from portal.scorecards.queries.kept import RECORD, SUMMED, figures_of, orders_of
from portal.scorecards.queries.parties import bounds_of
from portal.scorecards.rules import LATELY, MONTHS, Figure

_BUYER = f"""
select (portal.now() at time zone time_zone)::date as today, score_weights as weights,
  {bounds_of("b")} as bounds, score_freeze_days as freeze_days,
  scores_frozen_until as frozen_until from organisation b where id = $1
"""
_SUMMED = f"""
select s.supplier_id, g.criterion, sum(f.count)::int, trim_scale(sum(f.base)), trim_scale(sum(f.achieved)),
  null::numeric,
  sum(f.excused_count)::int, trim_scale(sum(f.excused_base)), trim_scale(sum(f.excused_achieved)), {orders_of("f")}
from supplier_score s cross join lateral jsonb_to_recordset(s.figures) as g {RECORD}
cross join lateral (select {SUMMED}, g.least_order, g.greatest_order) as f (count, base, achieved, excused_count,
  excused_base, excused_achieved, least_order, greatest_order)
where s.buyer_id = $1 and s.month >= $2 and s.month < $3 and ($4::uuid[] is null or s.supplier_id = any($4))
group by 1, 2
"""
_KEPT = """
select supplier_id, period, figures, weights, bounds from supplier_score
where buyer_id = $1 and revision = 0 and (month is null or month >= $2 and month < $3)
  and ($4::uuid[] is null or supplier_id = any($4))
"""
# Who has months that are open although others' were frozen: facts of them came later.
_LATECOMERS = """
select distinct supplier_id from supplier_score where buyer_id = $1 and month < $2 and revision = 0
"""
_WITH_HISTORY = """
select distinct supplier_id from purchase_order where buyer_id = $1 and source is not null and shown_to is not null
"""
_REACHED = """
select count(*) filter (where s.revision > 0)::int as frozen, count(*) filter (where s.revision is null)::int as open
from (
  select distinct o.supplier_id, date_trunc('month', d.day)::date as month
  from purchase_order o join purchase_order_line l on l.order_id = o.id
  cross join lateral (values (l.requested_date::timestamp)) as d (day)
  where o.buyer_id = $1 and o.source ->> 'run' = $2 and o.shown_to is not null and d.day is not null
  union
  select g.supplier_id, date_trunc('month', g.delivered_at at time zone b.time_zone)::date
  from goods_receipt g join organisation b on b.id = g.buyer_id where g.buyer_id = $1 and g.source ->> 'run' = $2) m
join organisation b on b.id = $1
left join supplier_score s on s.buyer_id = $1 and s.supplier_id = m.supplier_id and s.month = m.month and s.revision > 0
where m.month <= b.scores_frozen_until
"""
_OF_ORDERS = """
select min(day) as first, max(day) as last, count(distinct order_id) filter (where day is not null) as found from (
  select order_id,
    unnest(array[requested_date, first_date, last_date, (response_due_at at time zone time_zone)::date]) as day
  from schedule_fact where order_id = any($1)
  union all
  select f.order_id, d.counts_on from schedule_fact f join delivery_fact d on d.line_id = f.line_id
  where f.order_id = any($1) and f.sequence = 1
  union all
  select order_id, counts_on from invoice_fact where order_id = any($1)) days
"""
_GROUPS = f"supplier_id, {MONTH}"
_OF_ALL = by_criterion(_GROUPS, f"buyer_id = $3 and {OPEN}")
# Some suppliers' frozen months are looked up in a table of theirs: while one is frozen after the other, a join would
# go through all that are for each fact, since the database knows of none yet.
_THEIRS = "buyer_id = $3 and supplier_id = any($4::uuid[])"
_OF_SOME = f"""
with frozen as materialized (
  select supplier_id, month from supplier_score where {_THEIRS} and month >= $1 and month < $2 and revision > 0)
""" + by_criterion(_GROUPS, f"{_THEIRS} and ({_GROUPS}) not in (select supplier_id, month from frozen)")


class Span(NamedTuple):
    """Whole months: [first, until)."""

    first: date
    until: date


class Reached(NamedTuple):
    """Suppliers' months up to the last frozen one that an import has facts of: `frozen` take them once they are
    restated, `open` ones follow them, for nothing was known of them when they were frozen."""

    frozen: int
    open: int


class Scoring(NamedTuple):
    """What a buyer scores by today, and from which day on months are open."""

    today: date
    weights: dict[str, str] | None
    bounds: dict[str, Any]
    freeze_days: int | None
    frozen_until: date | None

    @property
    def open_from(self) -> date:
        return date.min if self.frozen_until is None else Month.of(self.frozen_until).plus(1).first


async def scoring_of(view: View) -> Scoring:
    record = await view.one(_BUYER, view.actor.organisation_id)
    assert record is not None, "whose scores are kept is an organisation"
    return Scoring(**record)


async def figures_by_month(
    view: View, first: date, until: date, suppliers: Sequence[UUID] | None
) -> dict[tuple[UUID, Month], list[Figure]]:
    """What the facts come to in [first, until), by supplier and month: of all the reader's suppliers, or of these.
    Months that a scorecard tells are left out."""
    sql, values = (_OF_ALL, []) if suppliers is None else (_OF_SOME, [list(suppliers)])
    rows = await view.fetch(sql, first, until, view.actor.organisation_id, *values)
    found = ((record[:2], record[2:]) for record in map(tuple, rows))
    return figures_of(((of[0], Month.of(of[1])), *_ordered(rest)) for of, rest in found)


async def latecomers(view: View, open_from: date) -> list[UUID]:
    """Suppliers with open months before the day from which all are open."""
    return [row["supplier_id"] for row in await view.fetch(_LATECOMERS, view.actor.organisation_id, open_from)]


async def with_history(view: View) -> list[UUID]:
    """Suppliers of which orders were imported."""
    return [row["supplier_id"] for row in await view.fetch(_WITH_HISTORY, view.actor.organisation_id)]


async def months_reached(view: View, run_id: UUID) -> Reached:
    """Which months before the open ones a run of the import brought facts of."""
    found = await view.one(_REACHED, view.actor.organisation_id, str(run_id))
    return Reached(0, 0) if found is None else Reached(**found)


async def figures_lately(view: View, last: Month, suppliers: Sequence[UUID] | None) -> dict[UUID, list[Figure]]:
    """What twelve months come to together, from what is kept of each."""
    first = last.plus(1 - MONTHS).first
    rows = await view.fetch(_SUMMED, view.actor.organisation_id, first, last.plus(1).first, suppliers)
    return figures_of(map(tuple, rows))


async def span_of_orders(view: View, orders: Sequence[UUID]) -> Span | None:
    """From the first to the last month that facts of these orders count in; None if those of one count in none."""
    found = await view.one(_OF_ORDERS, orders)
    if found is None or found["found"] < len(orders):
        return None
    return Span(Month.of(found["first"]).first, Month.of(found["last"]).plus(1).first)


async def kept_rows(
    view: View, first: date, until: date, suppliers: Sequence[UUID] | None
) -> dict[tuple[UUID, str], tuple[Any, ...]]:
    """Figures, weights and bounds of what is kept of months in [first, until) and may still change, and of twelve
    months, by supplier and period."""
    rows = await view.fetch(_KEPT, view.actor.organisation_id, first, until, suppliers)
    return {(row["supplier_id"], row["period"]): (row["figures"], row["weights"], row["bounds"]) for row in rows}


def period_of(month: Month | None) -> str:
    return LATELY if month is None else str(month)


def _ordered(record: Sequence[Any]) -> tuple[Any, ...]:
    """As `figures_of` takes them: the hours stand before the excused."""
    criterion, count, base, achieved, *others, hours = record
    return (criterion, count, base, achieved, hours, *others)
