"""Despatch advices: the supplier's word of what is on its way."""

from portal.platform.migrations import sql_migration

ID = "2026-11-21T04:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Despatch advices and their lines"

SEALED = """
create function portal.sealed() returns trigger language plpgsql as $$
begin
  if to_jsonb(new) - tg_argv <> to_jsonb(old) - tg_argv then
    raise exception 'a % that was sent never changes', tg_table_name using errcode = 'check_violation';
  end if;
  return new;
end $$;
comment on function portal.sealed is 'What was sent stays as it was; the arguments name the columns that still move.';

create function portal.refuse_removal() returns trigger language plpgsql as $$
begin
  raise exception 'a row of % that was sent is never removed', tg_table_name using errcode = 'check_violation';
end $$;
"""

ADVICES = """
create table despatch_advice (
  id uuid primary key, supplier_id uuid not null references organisation,
  buyer_id uuid not null references organisation, shown_to uuid, supplier_name text not null, buyer_name text not null,
  number text not null, version int not null default 1,
  state text not null default 'draft' check (state in ('draft', 'despatched', 'cancelled')),
  receipt_status text not null default 'none' check (receipt_status in ('none', 'partial', 'complete')),
  despatch_date date, expected_date date, carrier text not null default '', tracking_number text not null default '',
  packages jsonb not null default '[]' check (jsonb_typeof(packages) = 'array'),
  ship_to jsonb not null default '{}', supplier jsonb, buyer jsonb, reason text not null default '',
  created_by uuid, created_at timestamptz not null, edited_at timestamptz,
  despatched_by uuid, despatched_at timestamptz, cancelled_at timestamptz,
  unique (supplier_id, number), check (supplier_id <> buyer_id),
  constraint shown_when_despatched
    check (shown_to is not distinct from case when state = 'despatched' then buyer_id end),
  constraint despatched_when check ((state = 'despatched') = (despatched_at is not null)),
  check (expected_date >= despatch_date));
create index despatch_advice_supplier on despatch_advice (supplier_id, created_at desc, id desc);
create index despatch_advice_supplier_state on despatch_advice (supplier_id, state, created_at desc, id desc);
create index despatch_advice_supplier_expected on despatch_advice (supplier_id, expected_date desc, id desc);
create index despatch_advice_buyer on despatch_advice (shown_to, created_at desc, id desc) where shown_to is not null;
create index despatch_advice_buyer_expected on despatch_advice (shown_to, expected_date desc, id desc)
  where shown_to is not null;
create index despatch_advice_buyer_number on despatch_advice (shown_to, number) where shown_to is not null;
create index despatch_advice_supplier_tracking on despatch_advice (supplier_id, tracking_number)
  where tracking_number <> '';
create index despatch_advice_buyer_tracking on despatch_advice (shown_to, tracking_number)
  where shown_to is not null and tracking_number <> '';
create index despatch_advice_pair on despatch_advice (supplier_id, buyer_id, created_at desc, id desc);
create index despatch_advice_arriving on despatch_advice (shown_to, expected_date)
  where shown_to is not null and receipt_status <> 'complete';
call portal.protect('despatch_advice', '(select portal.organisation()) = any (array[supplier_id, shown_to])');
call portal.keep('despatch_advice', 'supplier_id', 'buyer_id', 'number', 'created_by', 'created_at');
create trigger legal_state before update of state on despatch_advice for each row
  execute function portal.legal_state('draft>despatched', 'draft>cancelled');
create trigger sealed before update on despatch_advice for each row when (old.state <> 'draft')
  execute function portal.sealed('version', 'receipt_status');

create table despatch_line (
  id uuid primary key, advice_id uuid not null references despatch_advice,
  supplier_id uuid not null, buyer_id uuid not null, shown_to uuid, position int not null check (position > 0),
  order_id uuid not null references purchase_order, order_line_id uuid not null references purchase_order_line,
  order_number text not null, line int not null, item_number text not null default '', description text not null,
  unit text not null, ship_to jsonb not null default '{}',
  quantity numeric not null check (quantity > 0 and portal.decimal_ok(quantity, 6)),
  batch text not null default '',
  outstanding_quantity numeric check (outstanding_quantity >= 0 and portal.decimal_ok(outstanding_quantity, 6)),
  received numeric not null default 0 check (received >= 0 and portal.decimal_ok(received, 6)),
  check (shown_to is null or shown_to = buyer_id), check (received = 0 or shown_to is not null));
create index despatch_line_advice on despatch_line (advice_id, position);
create index despatch_line_order on despatch_line (order_id);
create index despatch_line_order_line on despatch_line (order_line_id);
call portal.protect('despatch_line', '(select portal.organisation()) = any (array[supplier_id, shown_to])');
create trigger sealed before update on despatch_line for each row
  execute function portal.sealed('shown_to', 'received');
create trigger shown_for_good before update of shown_to on despatch_line for each row when (old.shown_to is not null
  and new.shown_to is distinct from old.shown_to) execute function portal.refuse_change('shown_to');
grant delete on despatch_line to portal_app;
create trigger kept before delete on despatch_line for each row when (old.shown_to is not null)
  execute function portal.refuse_removal();
"""

INVARIANTS = """
create view portal.despatched_otherwise with (security_invoker = true) as
  select l.id, l.order_id, l.despatched, coalesce(sum(d.quantity), 0) as advised
  from purchase_order_line l join purchase_order o on o.id = l.order_id
  left join despatch_line d on d.order_line_id = l.id and d.shown_to is not null
  where o.source is null group by l.id having l.despatched <> coalesce(sum(d.quantity), 0);
comment on view portal.despatched_otherwise is
  'Order lines whose ledger differs from their despatch advices: always empty but for migrated orders.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SEALED + ADVICES + INVARIANTS)
