"""What of an invoice was paid before it was written, and by how much what is to be paid is rounded."""

from portal.platform.migrations import sql_migration

ID = "2026-12-01T09:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Invoices: amount paid already (BT-113), rounding (BT-114), and what is due for payment (BT-115)"

# BT-115 = BT-112 - BT-113 + BT-114 (EN 16931-1, BR-CO-16) is reckoned wherever it is asked for, and never below nothing.
# Processes of the release before write neither: what they send was never paid before, and is not rounded.
INVOICES = """
alter table invoice add prepaid numeric not null default 0 check (prepaid >= 0),
  add prepaid_reference text not null default '',
  add rounding numeric not null default 0 check (abs(rounding) < 1),
  add constraint invoice_due check (prepaid = 0 and rounding = 0
    or prepaid <= gross and gross - prepaid + rounding >= 0 or state = 'rejected');
comment on column invoice.prepaid is 'What was paid already (BT-113), as the supplier says.';
comment on column invoice.rounding is 'What is added to the amount due to make it round (BT-114).';
alter table match_exception drop constraint match_exception_kind_check, add constraint match_exception_kind_check
  check (kind in ('quantity', 'migrated', 'price', 'tax', 'charge', 'total', 'terms', 'prepaid'));
"""

FIT = """
create or replace function portal.payments_fit() returns trigger language plpgsql as $$ begin
  if (select i.gross - i.prepaid + i.rounding - coalesce(sum(p.amount + p.credited + p.discount), 0) < 0
      from invoice i join payment p on p.invoice_id = i.id where i.id = new.invoice_id group by i.id) then
    raise check_violation using message = 'more is paid than the invoice asks for', constraint = 'payments_fit';
  end if;
  if new.reverses is null and new.credited <> (select coalesce(sum(c.gross - c.set_off), 0) from credit_note c
      where c.payment_id = new.id and c.invoice_id <> new.invoice_id) then
    raise check_violation using message = 'a payment nets other credit notes than it says', constraint = 'payments_fit';
  end if;
  return null;
end $$;
create or replace view portal.settled_otherwise with (security_invoker = true) as
  select i.id as invoice_id, i.state, i.gross - i.prepaid + i.rounding - portal.came_off(i.id) as rest
  from invoice i where i.state = 'settled' and i.gross - i.prepaid + i.rounding <> portal.came_off(i.id);
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, INVOICES + FIT)
