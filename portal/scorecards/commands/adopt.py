"""Facts of orders that came with their history: what was received is known, on which day it came is not."""

from portal.platform.work import Change
from portal.scorecards.commands.promises import FACT_COLUMNS, OF_ORDER, ORDER_LINES

# The ledger fills the schedule lines like receipts do: by date, accepted before rejected, the last takes the rest.
_ADOPT = f"""
with ledger as (
  select {OF_ORDER}, coalesce(o.issued_at, o.created_at), o.cancelled_at,
    case when o.cancelled_at is not null then 'buyer' end, o.closed_at,
    l.received, l.received - l.rejected,
    sum(s.quantity) over (partition by l.id order by s.requested_date, s.sequence) - s.quantity,
    lead(s.sequence) over (partition by l.id order by s.requested_date, s.sequence) is null
  from {ORDER_LINES} where o.buyer_id = $1 and o.source is not null and o.shown_to is not null),
named ({FACT_COLUMNS}, issued_at, cancelled_at, cancelled_cause, closed_at, came, good, before, takes_the_rest) as (
  select * from ledger),
placed as (
  select *, case when takes_the_rest then 'infinity' else before + ordered_quantity end as upto from named),
filled as (
  select *, greatest(least(good, upto) - before, 0) as accepted, greatest(least(came, upto) - greatest(good, before), 0)
    as rejected, greatest(least(came - before, ordered_quantity), 0) as filled_quantity from placed)
insert into schedule_fact ({FACT_COLUMNS}, issued_at, cancelled_at, cancelled_cause, closed_at, migrated,
  received, accepted, rejected, filled_quantity)
select {FACT_COLUMNS}, issued_at, cancelled_at, cancelled_cause, closed_at, true,
  accepted + rejected, accepted, rejected, filled_quantity from filled
on conflict (id) do update set received = excluded.received, accepted = excluded.accepted,
  rejected = excluded.rejected, filled_quantity = excluded.filled_quantity
where schedule_fact.migrated
  and (schedule_fact.accepted, schedule_fact.rejected) is distinct from (excluded.accepted, excluded.rejected)
"""
_BEFORE = """
insert into delivery_fact (buyer_id, supplier_id, shown_to, order_id, line_id, counts_on, accepted, rejected)
select o.buyer_id, o.supplier_id, o.supplier_id, o.id, l.id,
  coalesce(l.requested_date, (coalesce(o.issued_at, o.created_at) at time zone b.time_zone)::date),
  l.received - l.rejected - coalesce(d.accepted, 0), l.rejected - coalesce(d.rejected, 0)
from purchase_order_line l join purchase_order o on o.id = l.order_id join organisation b on b.id = o.buyer_id
left join (select line_id, sum(accepted) as accepted, sum(rejected) as rejected from delivery_fact
  where buyer_id = $1 and receipt_id is not null group by line_id) d on d.line_id = l.id
where o.buyer_id = $1 and o.source is not null and o.shown_to is not null
  and l.received > coalesce(d.accepted + d.rejected, 0)
on conflict (line_id, receipt_id) do update set accepted = excluded.accepted, rejected = excluded.rejected
where (delivery_fact.accepted, delivery_fact.rejected) is distinct from (excluded.accepted, excluded.rejected)
"""


async def adopt_orders(change: Change) -> None:
    """Give the organisation's imported orders their facts, once: all that were issued or went further.

    One statement for all of them, after what the change itself writes; run again, it adds what is new, follows sums
    that a later import brought, and changes nothing else. Adopted facts count for quality and fill rate alone: nobody
    knows the days on which those goods came.
    """
    change.afterwards(_ADOPT, change.actor.organisation_id)
    change.afterwards(_BEFORE, change.actor.organisation_id)
