"""What a receipt, an invoice and a score are reckoned by; each side's own part of the log."""

from portal.platform.migrations import sql_migration

ID = "2026-11-21T11:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Private sides of the log by their owners"

# An act of one side may write rows that are the other's own: each owner keeps its part of the entry. The writer never
# reads it back.
LOG = """
alter table audit_private drop constraint audit_private_pkey;
alter table audit_private add primary key (entry_id, owner_id);
drop policy tenant on audit_private;
create policy own on audit_private for select using (owner_id = (select portal.organisation()));
create policy written on audit_private for insert with check (
  owner_id = (select portal.organisation()) or exists (select from trading_relationship r
    where (r.buyer_id, r.supplier_id) in ((portal.organisation(), owner_id), (owner_id, portal.organisation()))));
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, LOG)
