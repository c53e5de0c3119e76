"""Contracts are signed in the portal: a signing is of a record, and its end brings the contract on or back."""

from portal.platform.migrations import sql_migration

ID = "2026-11-29T09:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Contracts that are signed in the portal"

SIGNINGS = """
alter table signing add column kind text not null default '' check (kind in ('', 'contract')), add column record_id uuid,
  add constraint of_a_record check ((kind = '') = (record_id is null));
create unique index signing_open_of_record on signing (record_id) where state = 'open' and record_id is not null;
comment on column signing.record_id is 'The record of that kind whose own document is signed.';
"""

CONTRACTS = """
alter table contract add column signing_id uuid references signing;
alter table contract add constraint signed_here check (signed_how <> 'electronic' or signing_id is not null) not valid;
create unique index contract_signing on contract (signing_id) where signing_id is not null;
drop trigger sealed on contract;
create trigger sealed before update on contract for each row when (old.state not in ('draft', 'in_negotiation'))
  execute function portal.sealed('version', 'state', 'agreed_by', 'agreed_at', 'objection', 'approved_by',
    'approved_at', 'signed_how', 'signed_on', 'signed_for_buyer', 'signed_for_supplier', 'file_id', 'recorded_by',
    'recorded_at', 'activated_at', 'warned_of', 'warned_last', 'warned_used', 'ended_at', 'reason', 'signing_id');
drop trigger of_the_buyer on contract;
do $$ begin
  execute format($make$create trigger of_the_buyer before update on contract for each row
    when (portal.organisation() = old.supplier_id and %s)
    execute function portal.refuse('the buyer writes a contract')$make$,
    portal.changed('contract', 'version', 'state', 'agreed_by', 'agreed_at', 'objection', 'signed_how',
      'activated_at', 'approved_by', 'approved_at', 'signing_id'));
end $$;
drop trigger warned_by_buyer on contract;
drop trigger revised_by_buyer on contract;
-- A supplier that declines to sign takes approval and signing off the contract, and puts none on it.
create trigger given_back before update of approved_by, approved_at, signing_id on contract for each row
  when (portal.organisation() = old.supplier_id
    and (old.approved_by, old.approved_at, old.signing_id)
      is distinct from (new.approved_by, new.approved_at, new.signing_id)
    and (old.state <> 'awaiting_signatures' or new.state <> 'in_negotiation'
      or num_nonnulls(new.approved_by, new.approved_at, new.signing_id) > 0))
  execute function portal.refuse('the buyer writes a contract');
create function portal.signed_by_all() returns trigger language plpgsql as $$
begin
  if not exists (select from signing where id = new.signing_id and state = 'completed' and record_id = new.id) then
    raise exception 'a contract is in force when all have signed it' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger signed_by_all after update of state on contract deferrable initially deferred for each row
  when (new.state = 'active' and old.state <> 'active' and new.signed_how = 'electronic')
  execute function portal.signed_by_all();
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SIGNINGS + CONTRACTS)
