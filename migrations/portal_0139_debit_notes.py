"""Debit notes that late deliveries propose by the terms of their contracts; a person decides on each."""

from portal.platform.migrations import sql_migration

ID = "2026-11-30T01:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Debit notes for late deliveries"

DEBIT_NOTES = """
create table debit_note (
  id uuid primary key, buyer_id uuid not null references organisation,
  supplier_id uuid not null references organisation, shown_to uuid, buyer_name text not null,
  supplier_name text not null, number text not null default '', version int not null default 1,
  state text not null default 'proposed' check (state in ('proposed', 'accepted', 'waived', 'withdrawn')),
  contract_id uuid not null references contract, contract_number text not null,
  order_id uuid not null references purchase_order, order_number text not null,
  order_line_id uuid not null references purchase_order_line, line int not null, item_number text not null default '',
  description text not null, receipt_id uuid not null references goods_receipt, receipt_number text not null,
  receipt_line_id uuid not null references goods_receipt_line,
  due date not null, delivered_on date not null, quantity numeric not null check (quantity > 0), unit text not null,
  currency text not null, value numeric not null check (value >= 0 and portal.decimal_ok(value, 2)),
  rate numeric not null check (rate > 0), per text not null check (per in ('day', 'week')),
  grace int not null check (grace >= 0), cap numeric check (cap > 0),
  days int not null check (days > grace), periods int not null check (periods > 0),
  percent numeric not null check (percent > 0 and percent <= coalesce(cap, 100)),
  amount numeric not null check (amount > 0 and amount <= value and portal.decimal_ok(amount, 2)),
  reason text not null default '', created_at timestamptz not null, decided_by uuid, decided_at timestamptz,
  unique (receipt_line_id, due), check (delivered_on > due),
  constraint shown_when_accepted check (shown_to is null or shown_to = supplier_id),
  constraint accepted_is_shown check (state <> 'accepted' or shown_to is not null),
  constraint numbered_when_shown check ((number = '') = (shown_to is null)),
  constraint decided_when check ((state = 'proposed') = (decided_at is null)),
  constraint waived_for_a_reason check (state <> 'waived' or reason <> ''));
create unique index debit_note_number on debit_note (buyer_id, number) where number <> '';
create index debit_note_buyer on debit_note (buyer_id, created_at desc, id desc);
create index debit_note_supplier on debit_note (shown_to, created_at desc, id desc) where shown_to is not null;
create index debit_note_proposed on debit_note (buyer_id) where state = 'proposed';
create index debit_note_contract on debit_note (contract_id);
create index debit_note_order on debit_note (order_id);
create index debit_note_order_line on debit_note (order_line_id);
create index debit_note_receipt on debit_note (receipt_id);
create index debit_note_supplier_id on debit_note (supplier_id);
call portal.protect('debit_note', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
create trigger sealed before update on debit_note for each row
  execute function portal.sealed('version', 'state', 'number', 'shown_to', 'reason', 'decided_by', 'decided_at');
create trigger shown_for_good before update of shown_to, number on debit_note for each row
  when (old.shown_to is not null and (old.shown_to, old.number) is distinct from (new.shown_to, new.number))
  execute function portal.refuse_change('the number');
create trigger legal_state before update of state on debit_note for each row execute function portal.legal_state(
  'proposed>accepted', 'proposed>waived', 'proposed>withdrawn', 'accepted>waived');
create trigger final before update on debit_note for each row
  when (old.state in ('waived', 'withdrawn')) execute function portal.refuse_change('what was decided');
create trigger of_the_buyer before insert or update on debit_note for each row
  when (portal.organisation() is distinct from new.buyer_id) execute function portal.refuse('the buyer decides on it');
comment on table debit_note is 'What a late delivery costs by its contract: proposed, and accepted or waived by a person.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, DEBIT_NOTES)
