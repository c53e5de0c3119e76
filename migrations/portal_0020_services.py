"""Service entries: the supplier's word of what was performed, and the buyer's answer to each line of it."""

from portal.platform.migrations import sql_migration

ID = "2026-11-22T20:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Service entries, order templates; services are neither despatched nor received as goods"

ENTRIES = """
create table service_entry (
  id uuid primary key, supplier_id uuid not null references organisation,
  buyer_id uuid not null references organisation, shown_to uuid, supplier_name text not null, buyer_name text not null,
  number text not null, version int not null default 1, state text not null default 'draft'
    check (state in ('draft', 'submitted', 'accepted', 'rejected', 'cancelled', 'reversed')),
  order_id uuid not null references purchase_order, order_number text not null, currency text not null,
  performed_from date not null, performed_until date not null,
  reference text not null default '', note text not null default '',
  created_by uuid, created_at timestamptz not null, edited_at timestamptz, submitted_by uuid, submitted_at timestamptz,
  decided_by uuid, decided_at timestamptz, cancelled_at timestamptz, reversed_by uuid, reversed_at timestamptz,
  reason text not null default '', unique (supplier_id, number), check (supplier_id <> buyer_id),
  check (performed_from <= performed_until),
  constraint shown_when_submitted
    check (shown_to is not distinct from case when submitted_at is not null then buyer_id end),
  constraint submitted_when check (state = 'cancelled' or (state = 'draft') = (submitted_at is null)),
  constraint reversed_when check ((state = 'reversed') = (reversed_at is not null)),
  constraint cancelled_when check ((state = 'cancelled') = (cancelled_at is not null)));
create index service_entry_supplier on service_entry (supplier_id, created_at desc, id desc);
create index service_entry_supplier_state on service_entry (supplier_id, state, created_at desc, id desc);
create index service_entry_supplier_performed on service_entry (supplier_id, performed_until desc, id desc);
create index service_entry_buyer on service_entry (shown_to, created_at desc, id desc) where shown_to is not null;
create index service_entry_buyer_state on service_entry (shown_to, state, created_at desc, id desc)
  where shown_to is not null;
create index service_entry_buyer_performed on service_entry (shown_to, performed_until desc, id desc)
  where shown_to is not null;
create index service_entry_buyer_number on service_entry (shown_to, number) where shown_to is not null;
create index service_entry_pair on service_entry (supplier_id, buyer_id, created_at desc, id desc);
create index service_entry_order on service_entry (order_id);
call portal.protect('service_entry', '(select portal.organisation()) = any (array[supplier_id, shown_to])');
call portal.open_to_gate('service_entry', 'select');
call portal.keep('service_entry', 'supplier_id', 'buyer_id', 'order_id', 'number', 'created_by', 'created_at');
create trigger legal_state before update of state on service_entry for each row execute function portal.legal_state(
  'draft>submitted', 'draft>cancelled', 'submitted>cancelled', 'submitted>accepted', 'submitted>rejected',
  'accepted>reversed');
create trigger sealed before update on service_entry for each row when (old.state <> 'draft')
  execute function portal.sealed('version', 'state', 'decided_by', 'decided_at', 'cancelled_at', 'reversed_by',
    'reversed_at', 'reason');
create trigger final before update on service_entry for each row
  when (old.state in ('rejected', 'cancelled', 'reversed')) execute function portal.refuse_change('what is over');
"""

LINES = """
create table service_entry_line (
  id uuid primary key, entry_id uuid not null references service_entry,
  supplier_id uuid not null, buyer_id uuid not null, shown_to uuid, position int not null check (position > 0),
  order_id uuid not null references purchase_order, order_line_id uuid not null references purchase_order_line,
  line int not null, kind text not null check (kind in ('service', 'limit')),
  item_number text not null default '', description text not null, unit text not null,
  quantity numeric not null check (quantity > 0 and portal.decimal_ok(quantity, 6)),
  net numeric not null check (portal.decimal_ok(net, 2)), text text not null default '',
  state text not null default 'waiting' check (state in ('waiting', 'accepted', 'rejected')),
  reason text not null default '', decided_by uuid, decided_at timestamptz,
  unique (entry_id, position), unique (entry_id, order_line_id), check (shown_to is null or shown_to = buyer_id),
  constraint decided_when check ((state = 'waiting') = (decided_at is null)),
  constraint decided_when_shown check (state = 'waiting' or shown_to is not null));
create index service_entry_line_order on service_entry_line (order_id);
create index service_entry_line_order_line on service_entry_line (order_line_id);
call portal.protect('service_entry_line', '(select portal.organisation()) = any (array[supplier_id, shown_to])');
call portal.open_to_gate('service_entry_line', 'select');
create trigger legal_state before update of state on service_entry_line for each row
  execute function portal.legal_state('waiting>accepted', 'waiting>rejected');
create trigger sealed before update on service_entry_line for each row
  execute function portal.sealed('shown_to', 'state', 'reason', 'decided_by', 'decided_at');
create trigger final before update on service_entry_line for each row when (old.state <> 'waiting')
  execute function portal.refuse_change('a line that was decided');
create trigger shown_for_good before update of shown_to on service_entry_line for each row
  when (old.shown_to is not null and new.shown_to is distinct from old.shown_to)
  execute function portal.refuse_change('shown_to');
create trigger decided_by_buyer before update of state on service_entry_line for each row
  when (new.state <> old.state and new.buyer_id is distinct from portal.organisation())
  execute function portal.refuse('the buyer decides on what was performed');
grant delete on service_entry_line to portal_app;
create trigger kept before delete on service_entry_line for each row when (old.shown_to is not null)
  execute function portal.refuse_removal();

create function portal.entered_together() returns trigger language plpgsql as $$
begin
  if exists (select from added a where a.state <> 'waiting' or not exists (select from service_entry e
      where e.id = a.entry_id and e.shown_to is not distinct from a.shown_to
        and (e.state = 'draft' or portal.written_now(e.xmin)))) then
    raise exception 'a service entry that was submitted gets no more lines' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger together after insert on service_entry_line referencing new table as added
  for each statement execute function portal.entered_together();
"""

TEMPLATES = """
create table order_template (
  id uuid primary key, buyer_id uuid not null references organisation, name text not null check (name <> ''),
  shared boolean not null default false, supplier_id uuid not null references organisation, supplier_name text not null,
  currency text not null, content jsonb not null check (jsonb_typeof(content -> 'lines') = 'array'),
  purchasing_group text not null default '', cost_centre text not null default '',
  categories text[] not null default '{}', site_id uuid references site,
  created_by uuid not null, created_at timestamptz not null, edited_at timestamptz, version int not null default 1);
create unique index one_name_of_a_person on order_template (created_by, buyer_id, name);
create index order_template_name on order_template (buyer_id, name, id);
call portal.protect('order_template', 'buyer_id = (select portal.organisation())
  and (shared or created_by = (select portal.person()))');
call portal.keep('order_template', 'buyer_id', 'created_by', 'created_at', 'content', 'supplier_id');
create trigger own_alone before update or delete on order_template for each row
  when (old.created_by is distinct from portal.person()) execute function portal.refuse('a template is its author''s');
grant delete on order_template to portal_app;
"""

# What came of an order line, as goods or as a service.
INVARIANTS = """
create or replace view portal.received_otherwise with (security_invoker = true) as
  select l.id, l.order_id, l.accepted, l.rejected, coalesce(sum(r.accepted), 0) as booked_accepted,
    coalesce(sum(r.rejected), 0) as booked_rejected, l.returned_for_replacement,
    coalesce(sum(r.rejected) filter (where r.replacement), 0) as booked_for_replacement
  from purchase_order_line l join purchase_order o on o.id = l.order_id
  left join (
    select r.order_line_id, r.accepted, r.rejected, r.replacement
    from goods_receipt_line r join goods_receipt g on g.id = r.receipt_id and g.state = 'booked'
    union all
    select s.order_line_id, s.quantity, 0, false
    from service_entry_line s join service_entry e on e.id = s.entry_id and e.state <> 'reversed'
    where s.state = 'accepted') r on r.order_line_id = l.id
  where o.source is null group by l.id
  having l.accepted <> coalesce(sum(r.accepted), 0) or l.rejected <> coalesce(sum(r.rejected), 0)
    or l.returned_for_replacement <> coalesce(sum(r.rejected) filter (where r.replacement), 0);
comment on view portal.received_otherwise is
  'Order lines whose ledger differs from their goods receipts and service entries: always empty but for migrated orders.';
"""

# Nothing of a service is on its way: until now it counted among what was still to be despatched.
OLDER = """
alter table purchase_order no force row level security;
alter table purchase_order_line no force row level security;
update purchase_order o set despatch_status = far.despatch from (
  select order_id, case when not bool_or(despatched > 0) then 'none'
    when bool_and(despatched - returned_for_replacement >= wanted) then 'complete' else 'partial' end as despatch
  from (select l.*, case when short_closed then 0
      when bool_or(confirmed > 0) over (partition by order_id) then confirmed else quantity end as wanted
    from purchase_order_line l) l
  where kind = 'goods' group by order_id) far
where far.order_id = o.id and o.despatch_status <> far.despatch
  and exists (select from purchase_order_line l where l.order_id = o.id and l.kind in ('service', 'limit'));
alter table purchase_order force row level security;
alter table purchase_order_line force row level security;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, ENTRIES + LINES + TEMPLATES + INVARIANTS + OLDER)
