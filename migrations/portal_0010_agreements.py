"""What the buyer's side keeps to itself, on orders and in the log."""

from portal.platform.migrations import sql_migration

ID = "2026-11-22T01:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Reasons of returns, tolerances out of the supplier's log"

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

# A supplier's act may move what is the buyer's own (ceilings, by agreeing): it writes that side, and cannot read it.
LOG = """
create policy partner on audit_private for insert with check (
  owner_id in (select buyer_id from trading_relationship where shown_to = (select portal.organisation())));
"""


async def forwards():
    mending = RETURNS
    script = SEEING.format("no") + mending + SEEING.format("") + LOG
    return sql_migration(ID, DESCRIPTION, script)
