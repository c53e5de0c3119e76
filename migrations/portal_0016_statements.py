"""Statements: what a buyer and a supplier have open with each other, as of a day."""

from portal.platform.migrations import sql_migration

ID = "2026-11-22T16:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Statements of what is open"

STATEMENTS = """
create table statement (
  id uuid primary key, buyer_id uuid not null references organisation,
  supplier_id uuid not null references organisation, shown_to uuid not null check (shown_to = supplier_id),
  buyer_name text not null, supplier_name text not null, number text not null, version int not null default 1,
  state text not null default 'sent' check (state in ('sent', 'agreed', 'objected')),
  as_of date not null, currency text not null, snapshot jsonb not null,
  created_by uuid, created_at timestamptz not null, answered_by uuid, answered_at timestamptz,
  reason text not null default '', unique (buyer_id, number),
  constraint answered_when check ((state = 'sent') = (answered_at is null)));
create index statement_buyer on statement (buyer_id, created_at desc, id desc);
create index statement_supplier on statement (shown_to, created_at desc, id desc);
create index statement_pair on statement (supplier_id, buyer_id, created_at desc, id desc);
call portal.protect('statement', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
create trigger legal_state before update of state on statement for each row
  execute function portal.legal_state('sent>agreed', 'sent>objected', 'objected>agreed');
create trigger sealed before update on statement for each row execute function portal.sealed(
  'version', 'state', 'answered_by', 'answered_at', 'reason');
call portal.open_to_gate('statement', 'select');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, STATEMENTS)
