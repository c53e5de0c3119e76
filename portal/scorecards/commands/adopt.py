"""Facts of orders that came with their history: what was received, and where it is known, on which day it came."""

from portal.platform.wiring import Job
from portal.platform.work import Change
from portal.scorecards.commands.promises import FACT_COLUMNS, OF_ORDER, ORDER_LINES
from portal.scorecards.commands.recompute import RECOMPUTE

# What came on days that are known, of each line: the days at the buyer's site. Only of lines that are one promise.
_DAYS = """
day as (
  select r.order_line_id as line_id, (g.delivered_at at time zone coalesce(t.time_zone, b.time_zone))::date as day,
    sum(r.accepted) as accepted, sum(r.rejected) as rejected
  from goods_receipt g join goods_receipt_line r on r.receipt_id = g.id join organisation b on b.id = g.buyer_id
  left join site t on t.id = g.site_id
  where g.buyer_id = $1 and g.source is not null and g.state = 'booked' group by 1, 2)"""
# The ledger fills the schedule lines like receipts do: by date, accepted before rejected, the last takes the rest.
# Where the source says of every piece on which day it came, or that nothing came, punctuality is judged too.
_ADOPT = f"""
with {_DAYS},
ledger as (
  select {OF_ORDER}, coalesce(o.issued_at, o.created_at), o.cancelled_at,
    case when o.cancelled_at is not null then 'buyer' end, o.closed_at,
    l.received, l.received - l.rejected,
    sum(s.quantity) over (partition by l.id order by s.requested_date, s.sequence) - s.quantity,
    lead(s.sequence) over (partition by l.id order by s.requested_date, s.sequence) is null,
    (l.source->>'dated')::boolean is true and s.quantity = l.quantity,
    case when (l.source->>'dated')::boolean and s.quantity = l.quantity then l.promised_date end,
    case when (l.source->>'dated')::boolean and s.quantity = l.quantity
      then (l.source->>'first_promised')::date end
  from {ORDER_LINES} where o.buyer_id = $1 and o.source is not null and o.shown_to is not null),
named ({FACT_COLUMNS}, issued_at, cancelled_at, cancelled_cause, closed_at, came, good, before, takes_the_rest, dated,
    promised_date, first_promised) as (
  select * from ledger),
timed as (
  select n.id, sum(d.accepted + d.rejected) as came, min(d.day) as first_delivered, max(d.day) as last_delivered,
    coalesce(sum(d.accepted + d.rejected) filter (where d.day <= n.requested_date), 0) as by_request,
    coalesce(sum(d.accepted + d.rejected) filter (where d.day <= n.promised_date), 0) as by_promise,
    coalesce(sum(d.accepted + d.rejected) filter (where d.day <= n.first_promised), 0) as by_first
  from named n join day d on d.line_id = n.line_id where n.dated group by n.id),
placed as (
  select n.*, case when n.takes_the_rest then 'infinity' else n.before + n.ordered_quantity end as upto,
    t.first_delivered, t.last_delivered, coalesce(t.by_request, 0) as by_request,
    coalesce(t.by_promise, 0) as by_promise, coalesce(t.by_first, 0) as by_first,
    not n.dated or n.came <> coalesce(t.came, 0) as migrated
  from named n left join timed t on t.id = n.id),
filled as (
  select *, greatest(least(good, upto) - before, 0) as accepted, greatest(least(came, upto) - greatest(good, before), 0)
    as rejected, greatest(least(came - before, ordered_quantity), 0) as filled_quantity from placed)
insert into schedule_fact ({FACT_COLUMNS}, issued_at, cancelled_at, cancelled_cause, closed_at, migrated,
  received, accepted, rejected, filled_quantity, first_quantity, first_date, last_quantity, last_date,
  first_delivered, last_delivered, requested_in_time, first_in_time, last_in_time)
select {FACT_COLUMNS}, issued_at, cancelled_at, cancelled_cause, closed_at, migrated,
  accepted + rejected, accepted, rejected, filled_quantity,
  case when first_promised is not null then ordered_quantity end, first_promised,
  case when promised_date is not null then ordered_quantity end, promised_date, first_delivered, last_delivered,
  case when migrated then 0 else least(by_request, ordered_quantity) end,
  case when migrated or first_promised is null then 0 else least(by_first, ordered_quantity) end,
  case when migrated or promised_date is null then 0 else least(by_promise, ordered_quantity) end from filled
on conflict (id) do update set received = excluded.received, accepted = excluded.accepted,
  rejected = excluded.rejected, filled_quantity = excluded.filled_quantity, migrated = excluded.migrated,
  first_delivered = excluded.first_delivered, last_delivered = excluded.last_delivered,
  requested_in_time = excluded.requested_in_time, first_in_time = excluded.first_in_time,
  last_in_time = excluded.last_in_time
where schedule_fact.migrated
  and (schedule_fact.accepted, schedule_fact.rejected) is distinct from (excluded.accepted, excluded.rejected)
"""
_DELIVERED = """
insert into delivery_fact (receipt_id, buyer_id, supplier_id, shown_to, order_id, line_id, delivered_on, counts_on,
  accepted, rejected)
select g.id, g.buyer_id, g.supplier_id, g.supplier_id, r.order_id, r.order_line_id,
  (g.delivered_at at time zone coalesce(t.time_zone, b.time_zone))::date,
  (g.delivered_at at time zone coalesce(t.time_zone, b.time_zone))::date, sum(r.accepted), sum(r.rejected)
from goods_receipt g join goods_receipt_line r on r.receipt_id = g.id join organisation b on b.id = g.buyer_id
left join site t on t.id = g.site_id
where g.buyer_id = $1 and g.source is not null and g.state = 'booked'
group by g.id, r.order_id, r.order_line_id, t.time_zone, b.time_zone
on conflict (line_id, receipt_id) do nothing
"""
_BEFORE = """
insert into delivery_fact (buyer_id, supplier_id, shown_to, order_id, line_id, counts_on, accepted, rejected)
select o.buyer_id, o.supplier_id, o.supplier_id, o.id, l.id,
  coalesce(l.requested_date, (coalesce(o.issued_at, o.created_at) at time zone b.time_zone)::date),
  l.received - l.rejected - coalesce(d.accepted, 0), l.rejected - coalesce(d.rejected, 0)
from purchase_order_line l join purchase_order o on o.id = l.order_id join organisation b on b.id = o.buyer_id
left join (select line_id, sum(accepted) as accepted, sum(rejected) as rejected from (
    select line_id, accepted, rejected from delivery_fact where buyer_id = $1 and receipt_id is not null
    union all
    select r.order_line_id, r.accepted, r.rejected from goods_receipt g join goods_receipt_line r on r.receipt_id = g.id
    where g.buyer_id = $1 and g.source is not null and g.state = 'booked'
      and not exists (select from delivery_fact f where f.receipt_id = g.id)) dated group by line_id) d
  on d.line_id = l.id
where o.buyer_id = $1 and o.source is not null and o.shown_to is not null
  and l.received > coalesce(d.accepted + d.rejected, 0)
on conflict (line_id, receipt_id) do update set accepted = excluded.accepted, rejected = excluded.rejected
where (delivery_fact.accepted, delivery_fact.rejected) is distinct from (excluded.accepted, excluded.rejected)
"""


async def adopt_orders(change: Change) -> None:
    """Give the organisation's imported orders their facts, once: all that were issued or went further.

    One statement for all of them, after what the change itself writes; run again, it adds what is new, follows sums
    that a later import brought, and changes nothing else. Where nobody knows the days on which goods came, facts count
    for quality and fill rate alone. What they come to is worked out by a job.
    """
    for statement in (_ADOPT, _DELIVERED, _BEFORE):
        change.afterwards(statement, change.actor.organisation_id)
    change.later(Job(RECOMPUTE, change.actor.organisation_id, {"history": True}))
