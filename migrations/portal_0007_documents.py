"""What the portal does by itself: due times of periodic jobs, and throwing away what has expired."""

from portal.platform.migrations import sql_migration

ID = "2026-11-21T07:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Periodic jobs, cleaning up"

SCHEDULE = """
-- The queue's own bookkeeping: when each periodic job was inserted last. Rows of nobody.
create table dramatiq.periodic_run (job text primary key, due_at timestamptz not null);
grant select, insert, update on dramatiq.periodic_run to portal_app;

create function portal.clean_up() returns table (sessions bigint, keys bigint)
  language sql security definer set search_path = public as $$
  with s as (delete from session where expires_at < now() returning 1),
       k as (delete from idempotency_key where created_at < now() - interval '24 hours' returning 1)
  select (select count(*) from s), (select count(*) from k) $$;
comment on function portal.clean_up() is 'Ends what has expired, of every organisation; tells how much and of nobody.';
alter function portal.clean_up() owner to portal_gate;
revoke execute on function portal.clean_up() from public;
grant execute on function portal.clean_up() to portal_app;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SCHEDULE)
