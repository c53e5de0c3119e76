"""Facts of what came, and what they make of each schedule line.

Deliveries fill the schedule lines of an order line in the order of their dates, the earliest first; what is more than
was due goes to the last. The order in which receipts are booked never matters: sums are derived from all of them.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from portal.platform.work import Change


class Delivered(NamedTuple):
    """What came of one order line."""

    line_id: UUID
    accepted: Decimal
    rejected: Decimal


_DELIVERED = """
insert into delivery_fact (receipt_id, buyer_id, supplier_id, shown_to, order_id, line_id, delivered_on, counts_on,
  accepted, rejected)
select $1, f.buyer_id, f.supplier_id, f.shown_to, f.order_id, f.line_id, d.day, d.day, r.accepted, r.rejected
from (select line_id, sum(accepted) as accepted, sum(rejected) as rejected
  from jsonb_to_recordset($3) as (line_id uuid, accepted numeric, rejected numeric) group by line_id) r
join schedule_fact f on f.line_id = r.line_id and f.sequence = 1
cross join lateral (select coalesce($4::date, ($2::timestamptz at time zone f.time_zone)::date) as day) d
on conflict (line_id, receipt_id) do nothing
"""
_UNDONE = """
update delivery_fact d set accepted = d.accepted - r.accepted, rejected = d.rejected - r.rejected, reversed_at = $2
from (select line_id, sum(accepted) as accepted, sum(rejected) as rejected
  from jsonb_to_recordset($3) as (line_id uuid, accepted numeric, rejected numeric) group by line_id) r
where d.receipt_id = $1 and d.line_id = r.line_id
"""
# An interval per row: of the asked and promised quantities in the order of their dates, and of what came in the order
# of its days (accepted before rejected). What they share is what came for that row.
_PLACES = """
place as (
  select f.*, b.score_early_days as early_days, coalesce(last_quantity, ordered_quantity) as due,
    sum(ordered_quantity) over asked - ordered_quantity as asked_before,
    sum(coalesce(first_quantity, 0)) over promised - coalesce(first_quantity, 0) as first_before,
    sum(coalesce(last_quantity, ordered_quantity)) over due - coalesce(last_quantity, ordered_quantity) as due_before,
    lead(sequence) over due is null as takes_the_rest
  from schedule_fact f join organisation b on b.id = f.buyer_id where line_id = any($1::uuid[])
  window asked as (partition by line_id order by requested_date, sequence),
    promised as (partition by line_id order by first_date, sequence),
    due as (partition by line_id order by coalesce(last_date, requested_date), sequence)),
day as (
  select line_id, delivered_on, sum(accepted) as accepted, sum(rejected) as rejected
  from delivery_fact where line_id = any($1::uuid[]) group by line_id, delivered_on),
part as (
  select line_id, delivered_on, good, quantity,
    sum(quantity) over (partition by line_id order by delivered_on nulls first, good desc) as upto
  from day cross join lateral (values (true, accepted), (false, rejected)) as v (good, quantity) where quantity > 0),
share as (
  select id, good, delivered_on, greatest(upto - quantity, due_before) as since,
    least(upto, case when takes_the_rest then 'infinity' else due_before + due end) as until
  from place join part using (line_id)),
came as (
  select id, sum(until - since) filter (where good) as accepted,
    sum(until - since) filter (where not good) as rejected,
    min(delivered_on) as first_delivered, max(delivered_on) as last_delivered
  from share where until > since group by id)
"""


def _in_time(day: str, quantity: str, before: str) -> str:
    """How much of a row's quantity came to its order line by the end of a day, and no earlier than the buyer takes it;
    null days are never reached."""

    def come(until: str) -> str:
        come = f"(select sum(accepted + rejected) from day where day.line_id = p.line_id and delivered_on <= {until})"
        return f"greatest(least(coalesce({come}, 0) - p.{before}, coalesce(p.{quantity}, 0)), 0)"

    return f"{come(f'p.{day}')} - {come(f'p.{day} - p.early_days - 1')}"


_DERIVED = f"""
with {_PLACES}
update schedule_fact f set
  accepted = coalesce(c.accepted, 0), rejected = coalesce(c.rejected, 0),
  received = coalesce(c.accepted, 0) + coalesce(c.rejected, 0),
  first_delivered = c.first_delivered, last_delivered = c.last_delivered,
  filled_quantity = greatest(least(coalesce((select sum(accepted + rejected) from day where day.line_id = p.line_id), 0)
    - p.asked_before, p.ordered_quantity), 0),
  requested_in_time = {_in_time("requested_date", "ordered_quantity", "asked_before")},
  first_in_time = {_in_time("first_date", "first_quantity", "first_before")},
  last_in_time = {_in_time("last_date", "last_quantity", "due_before")}{{terms}}
from place p left join came c using (id) {{source}}
where p.id = f.id {{condition}}
"""
_SUMS = _DERIVED.format(terms="", source="", condition="")
_SUMS_AND_TERMS = _DERIVED.format(
    terms=""",
  unit_price = l.unit_price, price_factor = l.price_factor, discount = l.discount, base_quantity = l.base_quantity""",
    source="join purchase_order_line l on l.id = p.line_id",
    condition="",
)


def book_delivery(change: Change, receipt_id: UUID, delivered_at: datetime, lines: Sequence[Delivered]) -> None:
    """Goods came. The day is the one at the buyer's site."""
    change.sql(_DELIVERED, receipt_id, delivered_at, _plain(lines), None)
    derive(change, [line.line_id for line in lines])


def book_service(change: Change, entry_id: UUID, performed_until: date, lines: Sequence[Delivered]) -> None:
    """Services were accepted: they came on the last day of their period, whenever the buyer said so."""
    change.sql(_DELIVERED, entry_id, None, _plain(lines), performed_until)
    derive(change, [line.line_id for line in lines])


def undo_delivery(change: Change, receipt_id: UUID, lines: Sequence[Delivered]) -> None:
    """A receipt, or some of it, was booked by mistake: it is as if that had never come."""
    change.sql(_UNDONE, receipt_id, change.now, _plain(lines))
    derive(change, [line.line_id for line in lines])


def derive(change: Change, lines: Sequence[UUID], *, terms: bool = False) -> None:
    """Work out again, from all deliveries, what came for each schedule line of these order lines, and what in time.

    With `terms`, the agreed price is taken over from the order lines: the moment both sides agreed on it.
    """
    change.afterwards(_SUMS_AND_TERMS if terms else _SUMS, sorted(set(lines)))


def _plain(lines: Sequence[Delivered]) -> list[dict[str, Any]]:
    return [line._asdict() for line in lines]
