"""Contracts: the buyer's document, which the supplier sees once it is offered, with price terms and caps."""

from portal.platform.migrations import sql_migration

ID = "2026-11-28T06:00:00"
VERSION = "1.50.0"
DESCRIPTION = "Contracts and their price terms"

CONTRACTS = """
create table contract (
  id uuid primary key, buyer_id uuid not null references organisation, supplier_id uuid not null references organisation,
  shown_to uuid, buyer_name text not null, supplier_name text not null, number text not null,
  version int not null default 1, state text not null default 'draft' check (state in ('draft', 'in_negotiation',
    'approved', 'awaiting_signatures', 'active', 'expired', 'terminated', 'cancelled')),
  kind text not null check (kind in ('quantity', 'value')), title text not null check (title <> ''),
  currency text not null, note text not null default '', internal_note text not null default '',
  payment_terms text not null default '', valid_from date not null, valid_to date not null,
  notice_days int not null default 0 check (notice_days between 0 and 366),
  value_cap numeric check (value_cap > 0 and portal.decimal_ok(value_cap, 2)),
  allowance numeric not null default 0 check (allowance between 0 and 100 and portal.decimal_ok(allowance, 4)),
  gross numeric not null default 0 check (gross >= 0 and portal.decimal_ok(gross, 2)), gross_minor bigint not null default 0,
  created_by uuid, created_at timestamptz not null, submitted_by uuid, offered_at timestamptz,
  agreed_by uuid, agreed_at timestamptz, objection text not null default '', approved_by uuid, approved_at timestamptz,
  signed_how text not null default '' check (signed_how in ('', 'paper', 'electronic')), signed_on date,
  signed_for_buyer text not null default '', signed_for_supplier text not null default '',
  file_id uuid references evidence_file, recorded_by uuid, recorded_at timestamptz, activated_at timestamptz,
  warned_of date, ended_at timestamptz, reason text not null default '',
  unique (buyer_id, number), check (supplier_id <> buyer_id),
  constraint ends_after_it_begins check (valid_from <= valid_to),
  constraint one_kind_of_cap check ((kind = 'value') = (value_cap is not null)),
  constraint shown_when_offered
    check (shown_to is not distinct from case when offered_at is not null then supplier_id end),
  constraint offered_when check (state = 'cancelled' or (state = 'draft') = (offered_at is null)),
  constraint approved_when check (state in ('draft', 'in_negotiation', 'cancelled') or approved_at is not null),
  constraint approved_by_another check (approved_by is null or approved_by is distinct from created_by),
  constraint agreed_before check (approved_at is null or agreed_at is not null),
  constraint signed_when check (state not in ('active', 'expired', 'terminated')
    or (activated_at is not null and signed_how <> '')),
  constraint recorded_whole check (signed_how <> 'paper' or num_nulls(signed_on, file_id, recorded_at) = 0),
  constraint ended_when check ((state in ('expired', 'terminated', 'cancelled')) = (ended_at is not null)));
create index contract_buyer on contract (buyer_id, created_at desc, id desc);
create index contract_buyer_ends on contract (buyer_id, valid_to desc, id desc);
create index contract_buyer_state on contract (buyer_id, state, created_at desc, id desc);
create index contract_supplier on contract (shown_to, created_at desc, id desc) where shown_to is not null;
create index contract_supplier_ends on contract (shown_to, valid_to desc, id desc) where shown_to is not null;
create index contract_supplier_state on contract (shown_to, state, created_at desc, id desc) where shown_to is not null;
create index contract_pair on contract (supplier_id, buyer_id);
create index contract_file on contract (file_id) where file_id is not null;
call portal.protect('contract', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
call portal.keep('contract', 'buyer_id', 'supplier_id', 'number', 'created_by', 'created_at');
create trigger legal_state before update of state on contract for each row execute function portal.legal_state(
  'draft>in_negotiation', 'in_negotiation>approved', 'approved>in_negotiation', 'awaiting_signatures>in_negotiation',
  'approved>awaiting_signatures', 'awaiting_signatures>active', 'active>expired', 'active>terminated',
  'draft>cancelled', 'in_negotiation>cancelled', 'approved>cancelled', 'awaiting_signatures>cancelled');
create trigger sealed before update on contract for each row when (old.state not in ('draft', 'in_negotiation'))
  execute function portal.sealed('version', 'state', 'agreed_by', 'agreed_at', 'approved_by', 'approved_at',
    'signed_how', 'signed_on', 'signed_for_buyer', 'signed_for_supplier', 'file_id', 'recorded_by', 'recorded_at',
    'activated_at', 'warned_of', 'ended_at', 'reason');
create trigger final before update on contract for each row
  when (old.state in ('expired', 'terminated', 'cancelled')) execute function portal.refuse_change('what is over');
do $$ begin
  execute format($make$create trigger of_the_buyer before update on contract for each row
    when (portal.organisation() = old.supplier_id and %s)
    execute function portal.refuse('the buyer writes a contract')$make$,
    portal.changed('contract', 'version', 'state', 'agreed_by', 'agreed_at', 'objection', 'signed_how',
      'activated_at'));
end $$;
create trigger agreed_by_supplier before update of agreed_at on contract for each row
  when (new.agreed_at is not null and new.agreed_at is distinct from old.agreed_at
    and portal.organisation() is distinct from new.supplier_id)
  execute function portal.refuse('the supplier agrees for itself');
"""

TERMS = """
create table contract_term (
  id uuid primary key, contract_id uuid not null references contract,
  buyer_id uuid not null, supplier_id uuid not null, shown_to uuid, position int not null check (position > 0),
  item_id uuid not null references item, item_number text not null, description text not null, unit text not null,
  unit_price numeric not null check (unit_price >= 0 and portal.decimal_ok(unit_price, 8)),
  base_quantity numeric not null default 1 check (base_quantity > 0 and portal.decimal_ok(base_quantity, 6)),
  minimum_quantity numeric not null default 0 check (minimum_quantity >= 0 and portal.decimal_ok(minimum_quantity, 6)),
  quantity numeric check (quantity > 0 and portal.decimal_ok(quantity, 6)),
  unique (contract_id, item_id, minimum_quantity), check (shown_to is null or shown_to = supplier_id));
create unique index one_quantity_of_an_item on contract_term (contract_id, item_id) where quantity is not null;
create index contract_term_item on contract_term (item_id);
call portal.protect('contract_term', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
create trigger sealed before update on contract_term for each row execute function portal.sealed('shown_to');
grant delete on contract_term to portal_app;
"""
OPEN = """
create function portal.of_open_contract() returns trigger language plpgsql as $$
declare term record;
begin
  if tg_op = 'DELETE' then term := old; else term := new; end if;
  if term.buyer_id is distinct from portal.organisation() or exists (select from contract c
      where c.id = term.contract_id and c.state not in ('draft', 'in_negotiation')) then
    raise exception 'a contract that was approved keeps its terms' using errcode = 'check_violation';
  end if;
  return term;
end $$;
create trigger of_open_contract before insert or update or delete on contract_term for each row
  execute function portal.of_open_contract();
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, CONTRACTS + TERMS + OPEN)
