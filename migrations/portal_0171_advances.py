"""What of an invoice was paid before it was written, and by how much what is to be paid is rounded."""

from portal.platform.migrations import sql_migration

ID = "2026-12-01T09:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Invoices: amount paid already (BT-113), rounding (BT-114), and what is due for payment (BT-115)"

# BT-115 = BT-112 - BT-113 + BT-114 (EN 16931-1, BR-CO-16) is reckoned wherever it is asked for, and never below nothing.
# Processes of the release before write neither: what they send was never paid before, and is not rounded. Migration 0190
# looks at the rows that were there before, without keeping anybody from them.
INVOICES = """
alter table invoice add prepaid numeric not null default 0, add prepaid_reference text not null default '',
  add rounding numeric not null default 0,
  add constraint invoice_prepaid check (prepaid >= 0) not valid,
  add constraint invoice_rounding check (abs(rounding) < 1) not valid,
  add constraint invoice_due check (prepaid = 0 and rounding = 0
    or prepaid <= gross and gross - prepaid + rounding >= 0 or state = 'rejected') not valid;
comment on column invoice.prepaid is 'What was paid already (BT-113), as the supplier says.';
comment on column invoice.rounding is 'What is added to the amount due to make it round (BT-114).';
alter table match_exception drop constraint match_exception_kind_check, add constraint match_exception_kind_check
  check (kind in ('quantity', 'migrated', 'price', 'tax', 'charge', 'total', 'terms', 'prepaid')) not valid;
"""

SETTLED = """
create or replace view portal.settled_otherwise with (security_invoker = true) as
  select i.id as invoice_id, i.state, i.gross - i.prepaid + i.rounding - portal.came_off(i.id) as rest
  from invoice i where i.state = 'settled' and i.gross - i.prepaid + i.rounding <> portal.came_off(i.id);
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, INVOICES + SETTLED)
