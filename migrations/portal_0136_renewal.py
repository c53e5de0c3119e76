"""Contracts that are renewed by a period, again and again, unless one side gives notice in time."""

from portal.platform.migrations import sql_migration

ID = "2026-11-29T22:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Renewal of contracts"

RENEWAL = """
alter table contract add column renewal_months int not null default 0 check (renewal_months between 0 and 120),
  add column renewals int not null default 0 check (renewals >= 0),
  add column notice_side text not null default '' check (notice_side in ('', 'buyer', 'supplier')),
  add column notice_given_by uuid, add column notice_at timestamptz, add column notice_reason text not null default '',
  add constraint notice_before_renewal check (renewal_months = 0 or notice_days > 0),
  add constraint notice_whole check ((notice_side = '') = (notice_at is null));
"""
# What was approved is renewed as it says, or not at all; nobody gives notice for the other side, nor takes it back.
GUARDS = """
drop trigger sealed on contract;
create trigger sealed before update on contract for each row when (old.state not in ('draft', 'in_negotiation'))
  execute function portal.sealed('version', 'state', 'agreed_by', 'agreed_at', 'objection', 'approved_by',
    'approved_at', 'signed_how', 'signed_on', 'signed_for_buyer', 'signed_for_supplier', 'file_id', 'recorded_by',
    'recorded_at', 'activated_at', 'warned_of', 'warned_last', 'warned_used', 'ended_at', 'reason', 'signing_id',
    'valid_to', 'renewals', 'notice_side', 'notice_given_by', 'notice_at', 'notice_reason');
drop trigger of_the_buyer on contract;
do $$ begin
  execute format($make$create trigger of_the_buyer before update on contract for each row
    when (portal.organisation() = old.supplier_id and %s)
    execute function portal.refuse('the buyer writes a contract')$make$,
    portal.changed('contract', 'version', 'state', 'agreed_by', 'agreed_at', 'objection', 'signed_how',
      'activated_at', 'approved_by', 'approved_at', 'signing_id', 'notice_side', 'notice_given_by', 'notice_at',
      'notice_reason'));
end $$;
create trigger renewed_as_it_says before update of valid_to, renewals on contract for each row
  when (old.state not in ('draft', 'in_negotiation')
    and (old.valid_to, old.renewals) is distinct from (new.valid_to, new.renewals)
    and (old.state <> 'active' or old.renewal_months = 0 or old.notice_at is not null
      or new.valid_to <= old.valid_to or new.renewals <> old.renewals + 1))
  execute function portal.refuse('a contract is renewed as it says');
create trigger notice_of_one_side before update of notice_side, notice_given_by, notice_at, notice_reason on contract
  for each row when (
    (old.notice_side, old.notice_given_by, old.notice_at, old.notice_reason)
      is distinct from (new.notice_side, new.notice_given_by, new.notice_at, new.notice_reason)
    and (old.notice_at is not null or old.state <> 'active' or old.renewal_months = 0
      or portal.organisation() is distinct from
        case new.notice_side when 'buyer' then new.buyer_id when 'supplier' then new.supplier_id end))
  execute function portal.refuse('each side gives notice for itself, once');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, RENEWAL + GUARDS)
