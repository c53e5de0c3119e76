"""Signing in: attempts are counted before they are judged; a new password ends sessions; a lost key ring is noticed."""

from portal.platform.migrations import sql_migration

ID = "2026-11-22T13:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Sign-in attempts, ending sessions, a look at the wrapped keys"

ATTEMPTS = """
create table sign_in_attempt (
  id bigint generated always as identity primary key, at timestamptz not null default now(),
  account bytea not null, address text not null,
  outcome text not null default 'pending' check (outcome in ('pending', 'failed', 'passed')));
create index sign_in_attempt_account on sign_in_attempt (account, address, at);
create index sign_in_attempt_address on sign_in_attempt (address, at) where outcome = 'failed';
create index sign_in_attempt_age on sign_in_attempt (outcome, at);
alter table sign_in_attempt enable row level security;
alter table sign_in_attempt force row level security;
call portal.open_to_gate('sign_in_attempt', 'select, insert, update, delete');
set local role portal_gate;
insert into sign_in_attempt (at, account, address, outcome)
  select at, account, address, 'failed' from sign_in_failure where at > now() - interval '1 day';
reset role;

-- Counting and entering are one step under a lock per account and one per address, always in this order: however many
-- come at once, no more are let in than may fail. An attempt that nobody ended is forgotten after half a minute.
create function portal.begin_sign_in(wanted bytea, origin text, most_of_pair int, most_of_account int,
  most_of_address int, out admitted bigint, out wait boolean)
  language plpgsql security definer set search_path = public as $$
declare failed int; pending int; of_account int; of_address int; known boolean;
begin
  perform pg_advisory_xact_lock(1, hashtext(encode(wanted, 'hex')));
  perform pg_advisory_xact_lock(2, hashtext(origin));
  delete from sign_in_attempt where outcome = 'passed' and at < now() - interval '30 days';
  delete from sign_in_attempt where outcome = 'failed' and at < now() - interval '1 day';
  delete from sign_in_attempt where outcome = 'pending' and at < now() - interval '30 seconds';
  select count(*) filter (where a.outcome = 'failed' and a.address = origin),
      count(*) filter (where a.outcome = 'pending' and a.address = origin), count(*) filter (where a.outcome = 'failed')
    into failed, pending, of_account from sign_in_attempt a
    where a.account = wanted and a.outcome <> 'passed' and a.at > now() - interval '15 minutes';
  select count(*) into of_address from sign_in_attempt a
    where a.address = origin and a.outcome = 'failed' and a.at > now() - interval '15 minutes';
  known := exists (
    select from sign_in_attempt a where a.account = wanted and a.address = origin and a.outcome = 'passed');
  wait := false;
  if failed >= most_of_pair or (not known and
      (of_address >= most_of_address or (failed > 0 and of_account >= most_of_account))) then
    return;
  end if;
  wait := failed + pending >= most_of_pair;
  if not wait then
    insert into sign_in_attempt (account, address) values (wanted, origin) returning id into admitted;
  end if;
end $$;
comment on function portal.begin_sign_in is
  'Admits an attempt, tells it to wait until others of the same account and address are judged, or gives neither: refused.';

create function portal.end_sign_in(attempt bigint, passed boolean) returns void
  language sql security definer set search_path = public as $$
  delete from sign_in_attempt o using sign_in_attempt a where $2 and a.id = $1 and o.id <> a.id
    and o.account = a.account and o.address = a.address and o.outcome <> 'pending';
  update sign_in_attempt set outcome = case when $2 then 'passed' else 'failed' end where id = $1 $$;
"""

SESSIONS = """
set local role portal_gate;
-- A password that is being changed is awaited: a session opens either before all are ended, or for the new password.
drop function portal.open_session(bytea, uuid, uuid, text, text, text, interval);
create function portal.open_session(token bytea, person uuid, organisation uuid, csrf text, agent text, address text,
  lifetime interval) returns boolean language sql security definer set search_path = public as $$
  delete from session where expires_at < now();
  select from credential where person_id = $2 for share;
  with opened as (
    insert into session (token_hash, person_id, organisation_id, csrf, user_agent, address, expires_at)
    select $1, $2, $3, $4, $5, $6, now() + $7
    where exists (select from membership m where m.person_id = $2 and m.organisation_id = $3 and m.active) returning 1)
  select exists (select from opened) $$;
comment on function portal.open_session is 'Whether there is a session now: only a member of the organisation gets one.';
revoke execute on function portal.open_session from public;
grant execute on function portal.open_session to portal_app;
drop function portal.sign_in_failures(bytea, text);
drop function portal.sign_in_failed(bytea, text);
reset role;
drop table sign_in_failure;

create function portal.end_sessions(person uuid, but bytea) returns void
  language sql security definer set search_path = public, portal as $$
  delete from session s where s.person_id = $1 and s.token_hash is distinct from $2 and ($1 = portal.person() or exists (
    select from membership m where m.person_id = $1 and m.organisation_id = portal.organisation())) $$;
comment on function portal.end_sessions is 'Ends all sessions of oneself or of a colleague, but for one that goes on.';
"""

KEYS = """
create policy looked_at on person_key for select to portal_gate using (true);
grant select on person_key to portal_gate;
create function portal.wrapped_keys(most int) returns setof bytea
  language sql stable security definer set search_path = public as $$
  (select wrapped from person_key order by created_at limit $1) union
  (select wrapped from person_key order by created_at desc limit $1) $$;
comment on function portal.wrapped_keys is
  'The oldest and newest wrapped keys, of nobody in particular: whether the key ring still opens them.';
"""

RIGHTS = """
do $$ declare gated regprocedure; begin
  foreach gated in array array['portal.begin_sign_in(bytea,text,int,int,int)', 'portal.end_sign_in(bigint,boolean)',
      'portal.end_sessions(uuid,bytea)', 'portal.wrapped_keys(int)']::regprocedure[] loop
    execute format('revoke execute on function %s from public', gated);
    execute format('grant execute on function %s to portal_app', gated);
    execute format('alter function %s owner to portal_gate', gated);
  end loop;
end $$;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, ATTEMPTS + SESSIONS + KEYS + RIGHTS)
