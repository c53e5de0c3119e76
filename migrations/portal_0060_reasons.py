"""What a supplier is not blamed for by itself: short notice, the buyer's hold, and who caused a cancellation."""

from portal.platform.migrations import sql_migration

ID = "2026-11-26T18:00:00"
VERSION = "1.45.0"
DESCRIPTION = "Lead times and holds in the facts; orders say who caused their cancellation"

ORDERS = """
alter table purchase_order add cancelled_cause text not null default ''
  check (cancelled_cause in ('', 'buyer', 'supplier'));
comment on column purchase_order.cancelled_cause is 'Whose doing it was that the order was cancelled; both sides read it.';
create trigger caused_once before update of cancelled_cause on purchase_order for each row
  when (old.cancelled_cause <> '' and new.cancelled_cause <> old.cancelled_cause)
  execute function portal.refuse('who caused a cancellation was said');
alter table purchase_order no force row level security;
alter table schedule_fact no force row level security;
update purchase_order o set cancelled_cause = f.cause from (
  select order_id, min(cancelled_cause) as cause from schedule_fact where cancelled_cause is not null group by 1) f
where f.order_id = o.id and o.state = 'cancelled';
alter table purchase_order force row level security;
alter table schedule_fact force row level security;
"""

FACTS = """
alter table schedule_fact add lead_time_days int check (lead_time_days >= 0),
  add holds jsonb not null default '[]' check (jsonb_typeof(holds) = 'array');
comment on column schedule_fact.lead_time_days is
  'The lead time that was agreed for the item when the order was issued, in calendar days; null: none.';
comment on column schedule_fact.holds is
  'When the buyer had the order on hold: pairs of the first and the last day at its site; the last is null while it is.';
call portal.keep('schedule_fact', 'lead_time_days');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, ORDERS + FACTS)
