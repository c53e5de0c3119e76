"""Periodic jobs are for organisations in which somebody works: a supplier that was brought with its buyer's data and
never asked to join has nothing to do, and there may be tens of thousands of them."""

from portal.platform.migrations import sql_migration

ID = "2026-11-26T20:00:00"
VERSION = "1.50.0"
DESCRIPTION = "Periodic jobs for organisations that have members"

WHERE_SOMEBODY_WORKS = """
set local role portal_gate;
create or replace function portal.organisation_ids() returns setof uuid
  language sql stable security definer set search_path = public as $$
  select id from organisation o where exists (select from membership m where m.organisation_id = o.id)
  order by created_at $$;
comment on function portal.organisation_ids is
  'For whom the scheduler inserts periodic jobs: ids of organisations that have or had members, and nothing else.';
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, WHERE_SOMEBODY_WORKS)
