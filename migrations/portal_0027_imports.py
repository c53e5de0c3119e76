"""Until when a buyer keeps a supplier's own data for it, and which imports hold prices."""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T03:00:00"
VERSION = "1.38.0"
DESCRIPTION = "A host's right ends; imports of prices are known"

# Who registers a supplier by importing it keeps its name, address and tax numbers, until it has people of its own here
# or another customer: from then on they are the supplier's to change.
HOSTS = """
create function portal.hosts(supplier uuid) returns boolean
  language sql stable security definer set search_path = public, portal as $$
  select exists (select from organisation o where o.id = supplier and o.host_id = portal.organisation())
    and not exists (select from membership m where m.organisation_id = supplier)
    and not exists (select from trading_relationship t
      where t.supplier_id = supplier and t.buyer_id <> portal.organisation()) $$;
comment on function portal.hosts is
  'Whether the current organisation still keeps this supplier''s own data: nobody else works with it yet.';
alter function portal.hosts(uuid) owner to portal_gate;
set local role portal_gate;
revoke execute on function portal.hosts(uuid) from public;
grant execute on function portal.hosts(uuid) to portal_app;
reset role;

drop policy own on organisation;
create policy own on organisation for select
  using (id = (select portal.organisation()) or host_id = (select portal.organisation()));
create policy registered on organisation for insert
  with check (id = (select portal.organisation()) or host_id = (select portal.organisation()));
create policy kept on organisation for update
  using (id = (select portal.organisation()) or (host_id = (select portal.organisation()) and portal.hosts(id)))
  with check (id = (select portal.organisation()) or host_id = (select portal.organisation()));
"""

PRICED = """
alter table file_import add priced boolean not null default false;
comment on column file_import.priced is 'Whether it was ever of a kind whose files hold prices.';
update file_import set priced = true where kind in ('prices', 'orders', 'all');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, HOSTS + PRICED)
