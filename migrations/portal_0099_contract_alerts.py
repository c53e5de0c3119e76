"""Contracts know what they were announced for: their last days, and how much of them is called off."""

from portal.platform.migrations import sql_migration

ID = "2026-11-28T09:00:00"
VERSION = "1.52.0"
DESCRIPTION = "Alerts of contracts"

WARNED = """
alter table contract add column warned_last date,
  add column warned_used int not null default 0 check (warned_used in (0, 80, 100));
drop trigger sealed on contract;
create trigger sealed before update on contract for each row when (old.state not in ('draft', 'in_negotiation'))
  execute function portal.sealed('version', 'state', 'agreed_by', 'agreed_at', 'approved_by', 'approved_at',
    'signed_how', 'signed_on', 'signed_for_buyer', 'signed_for_supplier', 'file_id', 'recorded_by', 'recorded_at',
    'activated_at', 'warned_of', 'warned_last', 'warned_used', 'ended_at', 'reason');
create trigger warned_by_buyer before update of warned_last, warned_used on contract for each row
  when (portal.organisation() = old.supplier_id
    and (old.warned_last, old.warned_used) is distinct from (new.warned_last, new.warned_used))
  execute function portal.refuse('the buyer writes a contract');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, WARNED)
