"""What waits, for those who look after the portal: numbers and ages across organisations, and the scheduler's sign of life."""

from portal.platform.migrations import sql_migration

ID = "2026-11-27T16:00:00"
VERSION = "1.76.0"
DESCRIPTION = "What waits, for those who look after the portal"

BEAT = """
create table dramatiq.scheduler (single boolean primary key default true check (single), beat_at timestamptz not null);
comment on table dramatiq.scheduler is 'When the scheduler that acts was last heard of.';
grant select, insert, update on dramatiq.scheduler to portal_app;
"""

WAITING = """
call portal.open_to_gate('mail_message', 'select (state, created_at)');
create function portal.waiting() returns table (kind text, name text, number bigint, seconds double precision)
  language sql stable security definer set search_path = public as $$
  select 'unsealed', '', count(*), extract(epoch from clock_timestamp() - min(since)) from audit_unsealed
  union all
  select 'mail', '', count(*), extract(epoch from clock_timestamp() - min(created_at)) from mail_message
    where state = 'queued'
  union all
  (select 'policy', digest, 1, extract(epoch from clock_timestamp() - at) from policy_load order by at desc limit 1) $$;
comment on function portal.waiting is 'How many entries wait for their seal and mails for their sending, since when, and the newest policy: of nobody in particular.';
alter function portal.waiting owner to portal_gate;
set local role portal_gate;
revoke execute on function portal.waiting from public;
grant execute on function portal.waiting to portal_app;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, BEAT + WAITING)
