"""What the buyer's side keeps to itself; how far orders with charges are; what agreements cost."""

from portal.platform.migrations import sql_migration

ID = "2026-11-22T12:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Reasons of returns, tolerances out of the supplier's log, statuses of orders, approved amounts"

# What is stored already must be seen to be mended: forced row-level security blinds the owner too.
SEEING = """
do $$ declare blind regclass; begin
  foreach blind in array array['purchase_order', 'purchase_order_line', 'order_revision', 'order_response', 'item',
      'schedule_fact', 'audit_private', 'trading_relationship']::regclass[] loop
    execute format('alter table %s %s force row level security', blind, '{}');
  end loop;
end $$;
"""

RETURNS = """
alter table purchase_order add return_reason text not null default '';
comment on column purchase_order.return_reason is
  'Why the approver gave the order back: the buyer''s own business, emptied when it is submitted again.';
-- `reason` held it too. It stays what it was for orders that the supplier rejected or the buyer cancelled.
update purchase_order set return_reason = reason where state = 'draft' and reason <> '';
update purchase_order o set reason = '' where reason <> '' and (
  state in ('draft', 'in_approval', 'approved', 'issued', 'accepted', 'conditionally_accepted')
  or state = 'closed' and not exists (
    select from order_response r where r.order_id = o.id and r.code = 'RE' and r.reason = o.reason));
update order_revision set snapshot = snapshot #- '{order,reason}' where snapshot #>> '{order,reason}' <> '';
"""

STATUSES = """
-- Charges are neither despatched nor received, and goods that were all rejected came.
with wanted as (
  select l.*, case when short_closed then 0
    when bool_or(confirmed > 0) over (partition by order_id) then confirmed else quantity end as wanted
  from purchase_order_line l),
far as (
  select order_id,
    case when not bool_or(despatched > 0) then 'none' when bool_and(despatched >= wanted) then 'complete'
      else 'partial' end as despatch,
    case when not bool_or(received > 0) then 'none' when bool_and(accepted >= wanted) then 'complete'
      else 'partial' end as receipt
  from wanted where kind <> 'charge' group by order_id)
update purchase_order o set despatch_status = far.despatch, receipt_status = far.receipt from far
where far.order_id = o.id and (o.despatch_status, o.receipt_status) is distinct from (far.despatch, far.receipt);

-- What asks for nothing is not judged; the price it was ordered at stays.
alter table schedule_fact disable trigger user;
update schedule_fact f set ordered_quantity = 0, filled_quantity = 0, requested_in_time = 0,
  first_quantity = first_quantity * 0, last_quantity = last_quantity * 0, first_in_time = 0, last_in_time = 0
from purchase_order_line l where l.id = f.line_id and l.kind = 'charge';
alter table schedule_fact enable trigger user;

create function portal.nothing_received() returns trigger language plpgsql as $$
begin
  if exists (select from purchase_order_line where order_id = new.id and received > 0) then
    raise exception 'goods were received: the order is closed, not cancelled' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger nothing_received before update of state on purchase_order for each row
  when (new.state = 'cancelled' and old.state <> 'cancelled') execute function portal.nothing_received();

create function portal.not_cancelled() returns trigger language plpgsql as $$
begin
  if exists (select from purchase_order where id = new.order_id and state = 'cancelled') then
    raise exception 'nothing is received on a cancelled order' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger not_cancelled before update of received on purchase_order_line for each row
  when (new.received > old.received) execute function portal.not_cancelled();
"""

AGREEMENTS = """
alter table purchase_order add approved_gross numeric, add approved_ceiling numeric,
  add constraint within_approval check (approved_ceiling is null or gross <= approved_ceiling);
comment on column purchase_order.approved_ceiling is
  'Up to which gross an agreement needs no other approval, frozen at issue and with each approval; null is without end.';
alter table purchase_order_line
  add ordered_quantity numeric check (ordered_quantity > 0 and portal.decimal_ok(ordered_quantity, 6));
comment on column purchase_order_line.ordered_quantity is
  'What was ordered first, where both sides agreed on another quantity since.';
alter table order_response add gross numeric;
comment on column order_response.gross is 'What the order would come to if the counter-offer were agreed on.';

-- What was approved of older orders is what was issued first. What they came to since is not called into question.
update purchase_order o set approved_gross = coalesce(
  (select (snapshot #>> '{totals,gross}')::numeric from order_revision r where r.order_id = o.id and r.revision = 1),
  o.gross)
where state not in ('draft', 'in_approval') and (state <> 'cancelled' or approved_at is not null);
update purchase_order set approved_ceiling = greatest(approved_gross, gross) where shown_to is not null;
"""

SCOPE = """
alter table purchase_order add categories text[] not null default '{}';
comment on column purchase_order.categories is
  'The categories of its lines'' items, as they were when it was written: people''s scopes may be of some alone.';
update purchase_order o set categories = c.categories from (
  select l.order_id, array_agg(distinct i.category order by i.category) as categories
  from purchase_order_line l join item i on i.id = l.item_id where i.category <> '' group by l.order_id) c
where c.order_id = o.id;

create index purchase_order_held on purchase_order (buyer_id, created_at, id) where on_hold;
"""

# A supplier's act may move what is the buyer's own (ceilings, by agreeing): it writes that side, and cannot read it.
LOG = """
create policy partner on audit_private for insert with check (
  owner_id in (select buyer_id from trading_relationship where shown_to = (select portal.organisation())));
"""


async def forwards():
    mending = RETURNS + STATUSES + AGREEMENTS + SCOPE
    script = SEEING.format("no") + mending + SEEING.format("") + LOG
    return sql_migration(ID, DESCRIPTION, script)
