"""What all deliveries make of each schedule line: how much of it came, and how much in time.

Deliveries fill the schedule lines of an order line in the order of their dates, the earliest first; what is more than
was due goes to the last. How early goods may come is what the buyer says now; in a month that is frozen, what it said
then.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from portal.platform.calendar import Month
from portal.platform.work import Change
from portal.scorecards.queries import month_of, rules_of_then

_DAYS = ("requested_date", "first_date", "last_date")


def _card(day: str) -> str:
    return f"card_{day.removesuffix('_date')}"


def _then(day: str) -> str:
    return rules_of_then(_card(day), "f", day)


def _early(day: str) -> str:
    """Days before a day that goods may come; null is any."""
    card = _card(day)
    return f"case when {card}.id is null then b.score_early_days else ({card}.rules ->> 'early_days')::int end"


# An interval per row, of the asked and promised quantities in the order of their dates.
_PLACES = f"""
place as (
  select f.*, {_early("requested_date")} as requested_early, {_early("first_date")} as first_early,
    {_early("last_date")} as last_early, coalesce(last_quantity, ordered_quantity) as due,
    sum(ordered_quantity) over asked - ordered_quantity as asked_before,
    sum(coalesce(first_quantity, 0)) over promised - coalesce(first_quantity, 0) as first_before,
    sum(coalesce(last_quantity, ordered_quantity)) over due - coalesce(last_quantity, ordered_quantity) as due_before,
    lead(sequence) over due is null as takes_the_rest
  from schedule_fact f join organisation b on b.id = f.buyer_id
  {" ".join(map(_then, _DAYS))} where f.line_id {{lines}}
  window asked as (partition by line_id order by requested_date, sequence),
    promised as (partition by line_id order by first_date, sequence),
    due as (partition by line_id order by coalesce(last_date, requested_date), sequence))
"""


def _until(day: str) -> str:
    """What came to the order line by the end of a day; null days are never reached."""
    return f"coalesce(sum(quantity) filter (where delivered_on <= {day}), 0)"


def _by_days(basis: str) -> str:
    day = f"p.{basis}_date"
    return f"{_until(day)} as by_{basis}, {_until(f'{day} - p.{basis}_early - 1')} as before_{basis}"


# An interval per part of what came, in the order of the days (accepted before rejected, and last what waits in
# inspection): what it shares with a row's is what came for that row. Looked up row by row, by key: the planner takes
# any array for ten lines, and what it would join for ten is read two thousand times for two thousand.
_CAME = f"""
lateral (
  select sum(until - since) filter (where until > since and good) as accepted,
    sum(until - since) filter (where until > since and not good) as rejected,
    sum(until - since) filter (where until > since) as received,
    min(delivered_on) filter (where until > since) as first_delivered,
    max(delivered_on) filter (where until > since) as last_delivered,
    coalesce(sum(quantity), 0) as ever, {", ".join(_by_days(day.removesuffix("_date")) for day in _DAYS)}
  from (
    select *, greatest(upto - quantity, p.due_before) as since,
      least(upto, case when p.takes_the_rest then 'infinity' else p.due_before + p.due end) as until
    from (
      select delivered_on, good, sum(part) as quantity,
        sum(sum(part)) over (order by delivered_on nulls first, good desc nulls last) as upto
      from delivery_fact d
      cross join lateral (values (true, accepted), (false, rejected), (null, in_inspection)) as v (good, part)
      where d.line_id = p.line_id and part > 0 group by delivered_on, good) summed) shared) c
"""


def _in_time(basis: str, quantity: str, before: str) -> str:
    """How much of a row's quantity came to its order line by the end of a day, and no earlier than the buyer takes
    it."""

    def come(sum: str) -> str:
        return f"greatest(least(c.{sum} - p.{before}, coalesce(p.{quantity}, 0)), 0)"

    return f"{come(f'by_{basis}')} - {come(f'before_{basis}')}"


_DERIVED = f"""
with {{chosen}}{_PLACES}
update schedule_fact f set
  accepted = coalesce(c.accepted, 0), rejected = coalesce(c.rejected, 0),
  received = coalesce(c.received, 0),
  first_delivered = c.first_delivered, last_delivered = c.last_delivered,
  filled_quantity = greatest(least(c.ever - p.asked_before, p.ordered_quantity), 0),
  requested_in_time = {_in_time("requested", "ordered_quantity", "asked_before")},
  first_in_time = {_in_time("first", "first_quantity", "first_before")},
  last_in_time = {_in_time("last", "last_quantity", "due_before")}{{terms}}
from place p {{source}} cross join {_CAME}
where p.id = f.id
"""
_OF_LINES = {"chosen": "", "terms": "", "source": "", "lines": "= any($1::uuid[])"}
_SUMS = _DERIVED.format(**_OF_LINES)
_SUMS_AND_TERMS = _DERIVED.format(
    **_OF_LINES
    | {
        "terms": """,
  unit_price = l.unit_price, price_factor = l.price_factor, discount = l.discount, base_quantity = l.base_quantity""",
        "source": "join purchase_order_line l on l.id = p.line_id",
    }
)


def _of_chosen(condition: str) -> str:
    """Of all lines of a buyer that meet a condition and of which something came, history without dates left out."""
    chosen = f"""chosen as (
  select distinct line_id from schedule_fact
  where buyer_id = $1 and not migrated and last_delivered is not null and {condition}),"""
    return _DERIVED.format(**_OF_LINES | {"chosen": chosen, "lines": "in (select line_id from chosen)"})


_OPEN = _of_chosen("(greatest(requested_date, first_date, last_date) >= $2 or supplier_id = any($3::uuid[]))")
_OF_MONTH = _of_chosen(f"supplier_id = $2 and $3 in ({', '.join(map(month_of, _DAYS))})")


def derive(change: Change, lines: Sequence[UUID], *, terms: bool = False) -> None:
    """Work out again, from all deliveries, what came for each schedule line of these order lines, and what in time.

    With `terms`, the agreed price is taken over from the order lines: the moment both sides agreed on it.
    """
    change.afterwards(_SUMS_AND_TERMS if terms else _SUMS, sorted(set(lines)))


async def derive_open(change: Change, first: date, latecomers: Sequence[UUID]) -> None:
    """The same of all the buyer's lines with a date from `first` on, and of suppliers with open months before, at once:
    another early window is decided. A frozen month goes by its own."""
    await change.fetch(_OPEN, change.actor.organisation_id, first, latecomers)


async def derive_month(change: Change, supplier_id: UUID, month: Month) -> None:
    """The same of a supplier's lines with a date in a month, before that is told anew by the rules of then."""
    await change.fetch(_OF_MONTH, change.actor.organisation_id, supplier_id, month.first)
