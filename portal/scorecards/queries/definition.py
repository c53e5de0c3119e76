"""The one definition of every criterion: which facts count, on which day, and how much each was to achieve and did.

Each is a SELECT of the same columns, one row per fact: a figure is Σ achieved ÷ Σ base over its rows, the list behind a
figure is the rows themselves. `expected` and `actual` say it in the criterion's own terms. A promise is judged once its
day has ended at the buyer's site; what was refused or ended by then is not judged, unless it was fulfilled. In full is
what misses no more than the buyer's tolerance; how early goods may come is reckoned where facts are derived. `excuse`
is why the supplier is not blamed for a fact: such a fact counts in the raw figure alone. Some reasons are in the facts
themselves: what was asked for sooner than the agreed lead time allows or than the order came, and the buyer's hold. An
invoice of several orders
is one fact, and accurate if it agreed with all of them. The fill rate is the mean of each line's own share: pieces and
kilograms are never added. Quality weighs what came by its share of the order line: within a line quantities are of one
unit, and splitting a delivery changes nothing.
"""

from typing import Final

from portal.scorecards.rules import PARTS

_TODAY = "(portal.now() at time zone f.time_zone)::date"
_ENDED = "(least(f.cancelled_at, f.closed_at) at time zone f.time_zone)::date"
_TOLERANCE = "b.score_in_full_tolerance"
_LINE = "f.order_number, f.line, f.description"


def _of(fact: str) -> str:
    """Whose fact it is, by the fact's own columns: an index of its table leads to it."""
    return f"{fact}.buyer_id, {fact}.supplier_id, {fact}.order_id"


def _excuse(criterion: str, fact: str) -> str:
    """The excuse `e` that was granted for a fact; at most one, as a unique index says."""
    return f"left join score_excuse e on e.fact_id = {fact} and e.part = '{PARTS[criterion]}' and e.state = 'granted'"


def _due(day: str, wanted: str, fulfilled: str) -> str:
    """A row whose day has passed, and that was neither refused by then nor, unless it was fulfilled, called off.

    Each basis is judged by its own day: what was broken before stays broken."""
    return f"""f.{wanted} > 0 and f.{day} < {_TODAY} and f.cancelled_cause is distinct from 'buyer'
  and (f.refused_at is null or (f.refused_at at time zone f.time_zone)::date > f.{day})
  and ({_ENDED} is null or {_ENDED} > f.{day} or {fulfilled})"""


def month_of(day: str) -> str:
    """The first day of the month that a day lies in: what scorecards are kept by."""
    return f"date_trunc('month', {day}::timestamp)::date"


def rules_of_then(card: str, fact: str, day: str) -> str:
    """The scorecard whose rules a frozen month goes by for good, whatever is set afterwards; none while it is open."""
    return f"""left join scorecard {card} on {card}.buyer_id = {fact}.buyer_id
  and {card}.supplier_id = {fact}.supplier_id and {card}.month = {month_of(f"{fact}.{day}")} and {card}.revision = 1"""


def _in_force(day: str) -> str:
    """Whether the buyer had the order on hold on that day: the last day of a hold is one of its days."""
    return f"""exists (select from jsonb_array_elements(f.holds) h
    where (h ->> 0)::date <= {day} and coalesce((h ->> 1)::date, 'infinity') >= {day})"""


_ISSUED = "(f.issued_at at time zone f.time_zone)::date"
# Nobody can deliver before the order came, nor is held to less than the agreed lead time by the request alone.
_EARLIEST = {
    "requested_date": f"{_ISSUED} + coalesce(f.lead_time_days, 0)",
    "first_date": _ISSUED,
    "last_date": _ISSUED,
}


def _excused(missed: str, short: str, held: str) -> str:
    """Why the supplier is not blamed: as somebody decided, else what the facts say by themselves of what was missed."""
    return f"""case when e.code is not null then e.code when not ({missed}) then null
    when {short} then 'short_notice' when {held} then 'held' end"""


def _on_time(criterion: str, day: str, done: str, wanted: str, *, then: bool = False) -> str:
    """In full by a day. History without dates of delivery says nothing about it."""
    tolerance = (
        "coalesce((c.rules ->> 'in_full_tolerance')::numeric, b.score_in_full_tolerance)" if then else _TOLERANCE
    )
    full = f"f.{done} >= f.{wanted} * (100 - {tolerance}) * 0.01"
    return f"""
select f.id, {_of("f")}, {_LINE}, f.unit, f.{day} as counts_on, f.last_delivered as happened_on,
  f.{wanted} as expected, f.{done} as actual, 1::numeric as base, ({full})::int::numeric as achieved,
  {_excused(f"not ({full})", f"f.{day} < {_EARLIEST[day]}", _in_force(f"f.{day}"))} as excuse
from schedule_fact f join organisation b on b.id = f.buyer_id {_excuse(criterion, "f.id")}
{rules_of_then("c", "f", day) if then else ""}
where not f.migrated and {_due(day, wanted, full)}"""


def _quality(whole: str = "coalesce(nullif(f.ordered_quantity, 0), d.accepted + d.rejected)", then: str = "") -> str:
    """What came and what was accepted, as shares of the `whole` line."""
    return f"""
select d.id, {_of("d")}, {_LINE}, f.unit, d.counts_on, d.delivered_on as happened_on,
  d.accepted + d.rejected as expected, d.accepted as actual,
  (d.accepted + d.rejected) / w.whole as base, d.accepted / w.whole as achieved, e.code as excuse
from delivery_fact d join schedule_fact f on f.line_id = d.line_id and f.sequence = 1 {_excuse("quality", "d.id")}
{then} cross join lateral (select {whole} as whole) w
where d.accepted + d.rejected > 0"""


_QUANTITIES_THEN = """case when c.id is not null and c.rules -> 'bounds' ->> 'edition' is null then 1
  else coalesce(nullif(f.ordered_quantity, 0), d.accepted + d.rejected) end"""
_EMPTY = "f.filled_quantity < f.ordered_quantity"
_TOO_SOON = f"f.requested_date < {_EARLIEST['requested_date']} and {_TODAY} <= {_EARLIEST['requested_date']}"
_FILL = f"""
select f.id, {_of("f")}, {_LINE}, f.unit, f.requested_date as counts_on, f.last_delivered as happened_on,
  f.ordered_quantity as expected, f.filled_quantity as actual, 1::numeric as base,
  f.filled_quantity / f.ordered_quantity as achieved,
  {_excused(f"not f.migrated and {_EMPTY}", _TOO_SOON, _in_force(_TODAY))} as excuse
from schedule_fact f {_excuse("fill_rate", "f.id")}
where f.ordered_quantity > 0 and f.requested_date is not null
  and (f.migrated or {_due("requested_date", "ordered_quantity", "f.filled_quantity >= f.ordered_quantity")})"""
_HOURS = "round(extract(epoch from {until} - f.issued_at) / 3600, 2)"
_ANSWERED = f"""
select f.id, {_of("f")}, f.order_number, null::int as line,
  '' as description, 'HUR' as unit, (f.response_due_at at time zone f.time_zone)::date as counts_on,
  (f.responded_at at time zone f.time_zone)::date as happened_on,
  {_HOURS.format(until="f.response_due_at")} as expected,
  {_HOURS.format(until="f.responded_at")} as actual, 1::numeric as base,
  (coalesce(f.responded_at, 'infinity') <= f.response_due_at)::int::numeric as achieved, e.code as excuse
from schedule_fact f {_excuse("responsiveness", "f.id")}
where f.leads and f.response_due_at is not null
  and (f.responded_at is not null or f.response_due_at < portal.now())
  and (f.responded_at is not null or coalesce(least(f.cancelled_at, f.closed_at), 'infinity') > f.response_due_at)"""
_PRICE = f"""
select i.id, {_of("i")}, {_LINE}, i.currency as unit, i.counts_on, i.counts_on as happened_on,
  i.ordered_amount as expected, i.invoiced_amount as actual, 1::numeric as base,
  case when i.invoiced_amount <= i.ordered_amount then 1 else i.ordered_amount / i.invoiced_amount end as achieved,
  e.code as excuse
from invoice_fact i join schedule_fact f on f.line_id = i.line_id and f.sequence = 1 {_excuse("price", "i.id")}"""
_MATCHED = f"""
select i.invoice_id as id, i.buyer_id, i.supplier_id, (array_agg(i.order_id order by f.order_number))[1] as order_id,
  string_agg(distinct f.order_number, ', ') as order_number, null::int as line, '' as description,
  '' as unit, i.counts_on, i.counts_on as happened_on, 0::numeric as expected, sum(i.exceptions)::numeric as actual,
  1::numeric as base, bool_and(i.matched_first_time)::int::numeric as achieved, e.code as excuse
from invoice_fact i join schedule_fact f on f.line_id = i.line_id and f.sequence = 1
{_excuse("invoice_accuracy", "i.invoice_id")}
group by i.invoice_id, i.buyer_id, i.supplier_id, i.counts_on, e.code"""

_DATES = {
    "on_time_requested": ("requested_date", "requested_in_time", "ordered_quantity"),
    "on_time_first_confirmed": ("first_date", "first_in_time", "first_quantity"),
    "on_time_last_confirmed": ("last_date", "last_in_time", "last_quantity"),
}
FACTS: Final[dict[str, str]] = {
    **{name: _on_time(name, *columns) for name, columns in _DATES.items()},
    "quality": _quality(),
    "fill_rate": _FILL,
    "responsiveness": _ANSWERED,
    "price": _PRICE,
    "invoice_accuracy": _MATCHED,
}
# The same with each frozen month by its own rules: what would be told of it now.
FACTS_OF_THEN: Final = (
    FACTS
    | {name: _on_time(name, *columns, then=True) for name, columns in _DATES.items()}
    | {"quality": _quality(_QUANTITIES_THEN, rules_of_then("c", "d", "counts_on"))}
)
COLUMNS: Final = (
    "id, buyer_id, supplier_id, order_id, order_number, line, description, unit, counts_on, happened_on, expected, "
    "actual, base, achieved, excuse"
)
# A fact as it is kept with a frozen scorecard.
KEPT: Final = (
    "id uuid, order_id uuid, order_number text, line int, description text, unit text, counts_on date, "
    "happened_on date, expected numeric, actual numeric, base numeric, achieved numeric, excuse text"
)
