"""Facts of what was asked, answered and promised, and of how an order ended."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from portal.catalogue.queries import AGREED_LEAD_TIME
from portal.orders.events import Promise, Wish
from portal.orders.queries import PROMISED
from portal.platform.work import Change
from portal.scorecards.commands.derive import derive

# What a fact takes from an order as it is issued. A site's time zone is frozen: its midnight ends the last day. Of a
# charge nothing is to come, and a limit need not be used up: such a fact asks for 0 and only carries what it was
# ordered at.
FACT_COLUMNS = """id, buyer_id, supplier_id, shown_to, order_id, order_number, line_id, line, sequence,
  leads, item_id, item_number, description, unit, unit_price, price_factor, discount, base_quantity, currency,
  time_zone, ordered_quantity, requested_date"""
OF_ORDER = f"""s.id, o.buyer_id, o.supplier_id, o.supplier_id, o.id, o.number, l.id, l.line, s.sequence,
  row_number() over (partition by o.id order by l.line, s.sequence) = 1, l.item_id, l.item_number, l.description,
  l.unit, l.unit_price, l.price_factor, l.discount, l.base_quantity, o.currency, coalesce(t.time_zone, b.time_zone),
  case when {PROMISED} then s.quantity else 0 end, s.requested_date"""
ORDER_LINES = """schedule_line s join purchase_order_line l on l.id = s.line_id
  join purchase_order o on o.id = s.order_id join organisation b on b.id = o.buyer_id
  left join site t on t.id = o.site_id"""

_DAY = "($2::timestamptz at time zone coalesce(t.time_zone, b.time_zone))::date"
_OPEN = f"""
insert into schedule_fact ({FACT_COLUMNS}, issued_at, response_due_at, lead_time_days)
select {OF_ORDER}, $2, $3, ({AGREED_LEAD_TIME.format(day=_DAY)}) from {ORDER_LINES} where o.id = $1
on conflict (id) do nothing
"""
_PROMISE = """
insert into schedule_fact (id, buyer_id, supplier_id, shown_to, order_id, order_number, line_id, line,
  sequence, item_id, item_number, description, unit, unit_price, price_factor, discount, base_quantity, currency,
  time_zone, ordered_quantity, issued_at, response_due_at, acknowledged_at, responded_at,
  first_quantity, first_date, last_quantity, last_date, migrated)
select p.schedule_line_id, f.buyer_id, f.supplier_id, f.shown_to, f.order_id, f.order_number, f.line_id, f.line,
  row_number() over (partition by p.line_id order by p.place), f.item_id, f.item_number, f.description, f.unit,
  f.unit_price, f.price_factor, f.discount, f.base_quantity, f.currency, f.time_zone, 0, f.issued_at, f.response_due_at,
  f.acknowledged_at, coalesce(f.responded_at, $2),
  case when f.first_quantity is null then d.due end, case when f.first_quantity is null then p.promised_date end,
  d.due, p.promised_date, f.migrated
from rows from (jsonb_to_recordset($1) as (schedule_line_id uuid, line_id uuid, quantity numeric, promised_date date))
  with ordinality as p (schedule_line_id, line_id, quantity, promised_date, place)
join schedule_fact f on f.line_id = p.line_id and f.sequence = 1
cross join lateral (select case when f.ordered_quantity > 0 then p.quantity else 0 end) as d (due)
on conflict (id) do update set
  first_quantity = coalesce(schedule_fact.first_quantity, excluded.first_quantity),
  first_date = case when schedule_fact.first_quantity is null then excluded.first_date
    else schedule_fact.first_date end,
  last_quantity = excluded.last_quantity, last_date = excluded.last_date, refused_at = null,
  responded_at = coalesce(schedule_fact.responded_at, excluded.responded_at)
"""
_LEFT_OUT = """
update schedule_fact f set responded_at = coalesce(f.responded_at, $3),
  last_quantity = case when f.line_id = any($4::uuid[]) then 0 end, last_date = null,
  refused_at = case when f.line_id = any($4::uuid[]) then f.refused_at else $3 end
where f.order_id = $1 and not f.id = any($2::uuid[])
"""
_ASKED = """
update schedule_fact f set refused_at = null,
  requested_date = case when f.sequence = 1 then w.requested_date else f.requested_date end,
  ordered_quantity = d.ordered, last_quantity = case when f.last_quantity is not null then d.last end,
  first_quantity = case when f.first_quantity is not null then d.first end,
  filled_quantity = least(f.filled_quantity, d.ordered), requested_in_time = least(f.requested_in_time, d.ordered),
  first_in_time = least(f.first_in_time, d.first), last_in_time = least(f.last_in_time, d.last)
from jsonb_to_recordset($1) as w (schedule_line_id uuid, quantity numeric, ordered numeric, requested_date date)
join schedule_fact n on n.id = w.schedule_line_id
cross join lateral (select case when n.ordered_quantity > 0 then w.ordered else 0 end as ordered,
  least(n.last_quantity, w.quantity) as last, least(n.first_quantity, w.quantity) as first) d
where n.id = f.id
"""
_CANCEL = """
update schedule_fact set cancelled_at = $2, cancelled_cause = $3 where order_id = $1 and cancelled_at is null
"""
_HOLD = """
update schedule_fact set holds = holds || jsonb_build_array(jsonb_build_array(
  ($2::timestamptz at time zone time_zone)::date, null)) where order_id = $1
"""
_RELEASE = """
update schedule_fact set holds = jsonb_set(holds, '{-1,1}', to_jsonb(($2::timestamptz at time zone time_zone)::date))
where order_id = $1 and jsonb_array_length(holds) > 0
"""


def open_facts(change: Change, order_id: UUID, response_due_at: datetime | None) -> None:
    """An order was issued: one fact per schedule line. Issued again, what was asked first stays."""
    change.sql(_OPEN, order_id, change.now, response_due_at)


def ask_anew(change: Change, order_id: UUID, wishes: Sequence[Wish], response_due_at: datetime | None) -> None:
    """The buyer changed these lines of an issued order itself, and added those that have no facts yet.

    What it asks for moves with that, by no other's doing. Of what it wants less, nothing was promised and missed.
    """
    change.afterwards(_OPEN, order_id, change.now, response_due_at)
    change.sql(_ASKED, [asdict(wish) for wish in wishes])
    derive(change, [wish.line_id for wish in wishes])


def note_acknowledgement(change: Change, order_id: UUID) -> None:
    """Received, not yet processed: that is no answer."""
    sql = "update schedule_fact set acknowledged_at = coalesce(acknowledged_at, $2) where order_id = $1"
    change.sql(sql, order_id, change.now)


def note_answer(change: Change, order_id: UUID) -> None:
    """The supplier answered; the first answer counts."""
    sql = "update schedule_fact set responded_at = coalesce(responded_at, $2) where order_id = $1"
    change.sql(sql, order_id, change.now)


def note_refusal(change: Change, order_id: UUID) -> None:
    """The supplier answered that nothing will come: what has not been missed by then never will be."""
    sql = "update schedule_fact set responded_at = coalesce(responded_at, $2), refused_at = $2 where order_id = $1"
    change.sql(sql, order_id, change.now)


def note_promises(change: Change, order_id: UUID, promises: Sequence[Promise]) -> None:
    """Both sides agreed on deliveries: the first promise is kept for ever, the latest replaces the one before.

    A split adds rows that nobody asked for by a date of their own; a line without any promise was refused. One that was
    refused once and is promised now is refused no more: it is judged by its days like any other.
    """
    told = [asdict(promise) for promise in promises]
    rows, lines = [promise.schedule_line_id for promise in promises], {promise.line_id for promise in promises}
    change.sql(_PROMISE, told, change.now)
    change.sql(_LEFT_OUT, order_id, rows, change.now, list(lines))
    derive(change, list(lines), terms=True)


def end_facts(change: Change, order_id: UUID, cause: str) -> None:
    """The order was cancelled, and it was said whose doing that was. Where it was the supplier's, each criterion finds
    out by itself which of the days had been missed by then."""
    change.sql(_CANCEL, order_id, change.now, cause)


def note_hold(change: Change, order_id: UUID) -> None:
    """The buyer stopped the order: nothing may leave or come until it is released."""
    change.sql(_HOLD, order_id, change.now)


def note_release(change: Change, order_id: UUID) -> None:
    """The order goes on: the days since it was stopped were the buyer's."""
    change.sql(_RELEASE, order_id, change.now)


def close_facts(change: Change, order_id: UUID) -> None:
    """The order was closed: what is still open will not come, and is judged only if its date has passed."""
    sql = "update schedule_fact set closed_at = $2 where order_id = $1 and closed_at is null"
    change.sql(sql, order_id, change.now)


def close_line_facts(change: Change, line_id: UUID) -> None:
    """The buyer closed a line short: what it wanted by then is judged, what it wanted later is wanted no more."""
    sql = "update schedule_fact set closed_at = $2 where line_id = $1 and closed_at is null"
    change.sql(sql, line_id, change.now)


def reopen_line_facts(change: Change, line_id: UUID) -> None:
    """A line that was closed short is wanted again, by the days it was wanted before."""
    change.sql("update schedule_fact set closed_at = null where line_id = $1", line_id)
