"""A browser that still holds the secret of a session that ended is told why; nobody else learns that there was one."""

from portal.platform.migrations import sql_migration

ID = "2026-11-28T00:00:00"
VERSION = "1.51.0"
DESCRIPTION = "Why a session ended, for whoever held it"

# A hash, a word and a time: of whom the session was is not kept. The browser forgets its secret within a day.
ENDED = """
create table ended_session (
  token_hash bytea primary key,
  why text not null check (why in ('signed-out', 'expired', 'rights', 'removed', 'elsewhere', 'administrator',
    'password', 'factor', 'ended')),
  until timestamptz not null
);
create index ended_session_until on ended_session (until);
alter table ended_session enable row level security;
alter table ended_session force row level security;
call portal.open_to_gate('ended_session', 'select, insert, delete');
"""

GATES = """
create function portal.note_session_end() returns trigger
  language plpgsql security definer set search_path = public, portal as $$
begin
  insert into ended_session (token_hash, why, until) values (old.token_hash,
    case when old.expires_at < now() then 'expired'
      else coalesce(nullif(current_setting('portal.ends', true), ''),
        case when old.person_id = portal.person() then 'elsewhere' else 'ended' end) end,
    old.expires_at + interval '1 day') on conflict do nothing;
  return null;
end $$;
create trigger note_end after delete on session for each row execute function portal.note_session_end();
revoke execute on function portal.note_session_end from public;
grant execute on function portal.note_session_end to portal_app;
alter function portal.note_session_end owner to portal_gate;

set local role portal_gate;
create or replace function portal.close_session(token bytea) returns void
  language sql security definer set search_path = public as $$
  select set_config('portal.ends', 'signed-out', true);
  delete from session where token_hash = $1 $$;

drop function portal.end_sessions(uuid, bytea);
create function portal.end_sessions(person uuid, but bytea, why text default 'elsewhere') returns void
  language sql security definer set search_path = public, portal as $$
  select set_config('portal.ends', $3, true);
  delete from session s where s.person_id = $1 and s.token_hash is distinct from $2 and ($1 = portal.person() or exists (
    select from membership m where m.person_id = $1 and m.organisation_id = portal.organisation())) $$;
comment on function portal.end_sessions is
  'Ends all sessions of oneself or of a colleague, but for one that goes on, and keeps why.';

drop function portal.end_sessions_here(uuid);
create function portal.end_sessions_here(person uuid, why text default 'rights') returns void
  language sql security definer set search_path = public as $$
  select set_config('portal.ends', $2, true);
  delete from session where person_id = $1 and organisation_id = portal.organisation() $$;
comment on function portal.end_sessions_here is 'A member of the organisation signs in again, as with other roles.';

create function portal.why_signed_out(token bytea, idle interval) returns text
  language sql stable security definer set search_path = public, portal as $$
  select coalesce((select e.why from ended_session e where e.token_hash = $1),
    (select case when s.expires_at <= now() then 'expired'
        when not exists (select from portal.member m where m.person_id = s.person_id
          and m.organisation_id = s.organisation_id) then 'removed'
        when s.seen_at <= now() - least($2, make_interval(mins => o.session_idle_minutes)) then 'idle'
        when s.sees is not null then 'looking' end
      from session s join organisation o on o.id = s.organisation_id where s.token_hash = $1), 'ended') $$;
comment on function portal.why_signed_out is
  'Why a session lets nobody in any more: told to whoever sends its secret; of a secret that never was, nothing.';

create or replace function portal.clean_up() returns table (sessions bigint, keys bigint)
  language sql security definer set search_path = public as $$
  with s as (delete from session where expires_at < now() returning 1),
       k as (delete from idempotency_key where created_at < now() - interval '24 hours' returning 1),
       c as (delete from ceremony where expires_at < now()),
       l as (delete from mail_link where expires_at < now() - interval '7 days'),
       e as (delete from ended_session where until < now())
  select (select count(*) from s), (select count(*) from k) $$;

do $$ declare gated regprocedure; begin
  foreach gated in array array['portal.end_sessions(uuid,bytea,text)', 'portal.end_sessions_here(uuid,text)',
      'portal.why_signed_out(bytea,interval)']::regprocedure[] loop
    execute format('revoke execute on function %s from public', gated);
    execute format('grant execute on function %s to portal_app', gated);
  end loop;
end $$;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, ENDED + GATES)
