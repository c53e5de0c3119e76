"""Goods that are received but not judged yet: they wait in inspection until somebody accepts or rejects them."""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T12:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Inspection of received goods"

RECEIVED = """
do $$ declare said text; begin
  select conname into strict said from pg_constraint
  where conrelid = 'goods_receipt_line'::regclass and pg_get_constraintdef(oid) like '%(accepted + rejected) >%';
  execute format('alter table goods_receipt_line drop constraint %I', said);
end $$;
alter table goods_receipt_line
  add to_inspect numeric not null default 0 check (to_inspect >= 0 and portal.decimal_ok(to_inspect, 6)),
  add constraint something_came check (accepted + rejected + to_inspect > 0);
comment on column goods_receipt_line.to_inspect is
  'What came and was neither accepted nor rejected then: inspections book it, one after the other.';

create index goods_receipt_line_to_inspect on goods_receipt_line (receipt_id) where to_inspect > 0;

create function portal.ordered_before() returns trigger language plpgsql as $$
begin
  if exists (select from added a join goods_receipt g on g.id = a.receipt_id join purchase_order o on o.id = a.order_id
      where g.source is null and o.source is null and g.delivered_at < o.issued_at - interval '2 minutes') then
    raise exception 'goods come after they were ordered' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger ordered_before after insert on goods_receipt_line referencing new table as added
  for each statement execute function portal.ordered_before();
"""

INSPECTED = """
create table goods_inspection (
  id uuid primary key, receipt_id uuid not null references goods_receipt,
  receipt_line_id uuid not null references goods_receipt_line,
  buyer_id uuid not null, supplier_id uuid not null, shown_to uuid not null check (shown_to = supplier_id),
  version int not null default 1, state text not null default 'booked' check (state in ('booked', 'reversed')),
  order_id uuid not null references purchase_order, order_line_id uuid not null references purchase_order_line,
  order_number text not null, line int not null, description text not null, unit text not null,
  accepted numeric not null check (accepted >= 0 and portal.decimal_ok(accepted, 6)),
  rejected numeric not null check (rejected >= 0 and portal.decimal_ok(rejected, 6)),
  replacement boolean not null default false, reason text not null default '',
  created_by uuid, created_at timestamptz not null, reversed_by uuid, reversed_at timestamptz,
  reversal_reason text not null default '', check (accepted + rejected > 0),
  constraint replaced_is_rejected check (rejected > 0 or not replacement),
  constraint reversed_when check ((state = 'reversed') = (reversed_at is not null)));
create index goods_inspection_receipt on goods_inspection (receipt_id);
create index goods_inspection_line on goods_inspection (receipt_line_id);
create index goods_inspection_order on goods_inspection (order_id);
create index goods_inspection_order_line on goods_inspection (order_line_id);
call portal.protect('goods_inspection', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
call portal.keep('goods_inspection', 'receipt_id', 'receipt_line_id', 'order_id', 'order_line_id', 'buyer_id',
  'supplier_id', 'shown_to', 'created_by', 'created_at');
create trigger legal_state before update of state on goods_inspection for each row
  execute function portal.legal_state('booked>reversed');
create trigger sealed before update on goods_inspection for each row execute function portal.sealed(
  'version', 'state', 'reversed_by', 'reversed_at', 'reversal_reason');
create trigger final before update on goods_inspection for each row when (old.state = new.state)
  execute function portal.refuse_change('an inspection that is not reversed');
create trigger by_buyer before insert or update on goods_inspection for each row
  when (new.buyer_id is distinct from portal.organisation()) execute function portal.refuse('the buyer inspects');

create function portal.inspects_what_waits() returns trigger language plpgsql as $$
begin
  if (select sum(accepted + rejected) from goods_inspection where receipt_line_id = new.receipt_line_id
        and state = 'booked') > (select to_inspect from goods_receipt_line where id = new.receipt_line_id)
      or not exists (select from goods_receipt where id = new.receipt_id and state = 'booked') then
    raise exception 'no more is inspected than waits for it' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger inspects_what_waits after insert on goods_inspection deferrable initially deferred
  for each row execute function portal.inspects_what_waits();
create function portal.nothing_inspected() returns trigger language plpgsql as $$
begin
  if exists (select from goods_inspection where receipt_id = new.id and state = 'booked') then
    raise exception 'a receipt with inspections is not undone' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger nothing_inspected before update of state on goods_receipt for each row
  when (new.state = 'reversed' and old.state <> 'reversed') execute function portal.nothing_inspected();
"""

FACTS = """
alter table delivery_fact add in_inspection numeric not null default 0 check (in_inspection >= 0);
comment on column delivery_fact.in_inspection is 'It came on that day, and is neither accepted nor rejected yet.';
do $$ declare said text; begin
  select conname into strict said from pg_constraint
  where conrelid = 'schedule_fact'::regclass and pg_get_constraintdef(oid) like '%received = (accepted + rejected)%';
  execute format('alter table schedule_fact drop constraint %I', said);
end $$;
alter table schedule_fact add constraint received_is_judged_or_waits check (received >= accepted + rejected);
"""

INVARIANTS = """
create or replace view portal.received_otherwise with (security_invoker = true) as
  select l.id, l.order_id, l.accepted, l.rejected, coalesce(sum(r.accepted), 0) as booked_accepted,
    coalesce(sum(r.rejected), 0) as booked_rejected, l.returned_for_replacement,
    coalesce(sum(r.rejected) filter (where r.replacement), 0) as booked_for_replacement
  from purchase_order_line l join purchase_order o on o.id = l.order_id
  left join (
    select r.order_line_id, r.accepted, r.rejected, r.to_inspect as waits, r.replacement
    from goods_receipt_line r join goods_receipt g on g.id = r.receipt_id and g.state = 'booked'
    union all
    select i.order_line_id, i.accepted, i.rejected, -i.accepted - i.rejected, i.replacement
    from goods_inspection i where i.state = 'booked'
    union all
    select s.order_line_id, s.quantity, 0, 0, false
    from service_entry_line s join service_entry e on e.id = s.entry_id and e.state <> 'reversed'
    where s.state = 'accepted') r on r.order_line_id = l.id
  where o.source is null group by l.id
  having l.accepted <> coalesce(sum(r.accepted), 0) or l.rejected <> coalesce(sum(r.rejected), 0)
    or l.in_inspection <> coalesce(sum(r.waits), 0)
    or l.returned_for_replacement <> coalesce(sum(r.rejected) filter (where r.replacement), 0);
create or replace view portal.arrived_otherwise with (security_invoker = true) as
  select d.id, d.advice_id, d.received, coalesce(sum(r.accepted + r.rejected + r.to_inspect), 0) as booked
  from despatch_line d
  left join (select r.* from goods_receipt_line r join goods_receipt g on g.id = r.receipt_id and g.state = 'booked') r
    on r.despatch_line_id = d.id
  group by d.id having d.received <> coalesce(sum(r.accepted + r.rejected + r.to_inspect), 0);
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, RECEIVED + INSPECTED + FACTS + INVARIANTS)
