"""What an invoice can come to, what a match may find, and what was taken from whom when a credit note was agreed."""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T04:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Invoices and credit notes: what they can come to, and what they book"

# An invoice of less than nothing is a credit note. One that was sent before can still be rejected.
OWED = """
alter table invoice add constraint invoice_owes check (state = 'rejected' or net >= 0 and tax >= 0 and gross >= 0)
  not valid;
"""


# What another system counted is a finding until somebody else than who brought it accepts what is billed of it.
MIGRATED = """
alter table match_exception drop constraint match_exception_kind_check, add constraint match_exception_kind_check
  check (kind in ('quantity', 'migrated', 'price', 'tax', 'charge', 'total', 'terms'));
create function portal.took_over(orders uuid[], person uuid) returns boolean language sql stable
begin atomic
  select exists (
    select from (
      select source ->> 'run' as run from purchase_order where id = any(orders)
      union select source -> 'receipts' ->> 'run' from purchase_order_line where order_id = any(orders)) brought
    where brought.run in (
      select id::text from file_import where person in (started_by, created_by)
      union all select id::text from import_run where created_by = person));
end;
comment on function portal.took_over is 'Whether this person brought one of these orders, or what came of it, out of another system.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, OWED + MIGRATED)
