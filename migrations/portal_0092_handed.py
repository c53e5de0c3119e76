"""A mail is claimed before a server is given its text: whoever finds it claimed does not send it again."""

from portal.platform.migrations import sql_migration

ID = "2026-11-28T02:00:00"
VERSION = "1.92.0"
DESCRIPTION = "Mails that were handed over and not confirmed"

CLAIMED = """
alter table mail_message add column claim uuid;
comment on column mail_message.claim is 'The attempt that hands the mail over, or did.';
alter table mail_message drop constraint mail_message_state_check;
alter table mail_message add constraint mail_message_state_check
  check (state in ('queued', 'handed', 'sent', 'failed'));
drop trigger legal_state on mail_message;
-- queued>sent is what a worker of the release before does, while it still runs.
create trigger legal_state before update of state on mail_message for each row execute function portal.legal_state(
  'queued>handed', 'queued>failed', 'queued>sent', 'handed>sent', 'handed>queued', 'handed>failed');
create index mail_message_unconfirmed on mail_message (created_at) where state = 'handed';
"""

LINKS = """
set local role portal_gate;
create function portal.link_taken_back(link uuid) returns void
  language sql security definer set search_path = public, portal as $$
  update mail_link set sent_at = null where id = $1 and organisation_id = portal.organisation()
    and portal.person() is null and used_at is null $$;
comment on function portal.link_taken_back is 'A mail server had the mail and refused it for now.';
revoke execute on function portal.link_taken_back from public;
grant execute on function portal.link_taken_back to portal_app;
"""

WAITING = """
create or replace function portal.waiting()
  returns table (kind text, name text, number bigint, seconds double precision)
  language sql stable security definer set search_path = public as $$
  select 'unsealed', '', count(*), extract(epoch from clock_timestamp() - min(since)) from audit_unsealed
  union all
  select 'mail', '', count(*), extract(epoch from clock_timestamp() - min(created_at)) from mail_message
    where state = 'queued'
  union all
  select 'unconfirmed', '', count(*), extract(epoch from clock_timestamp() - min(created_at)) from mail_message
    where state = 'handed'
  union all
  (select 'policy', digest, 1, extract(epoch from clock_timestamp() - at) from policy_load order by at desc limit 1) $$;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, CLAIMED + LINKS + WAITING)
