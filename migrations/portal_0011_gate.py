"""Narrower gates: who may open a session, set a password, read a person's key or learn somebody's name."""

from portal.platform.migrations import sql_migration

ID = "2026-11-21T11:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Narrower gates for sessions, passwords, names and people's keys"

SESSIONS = """
-- Owners of functions replace them; the owner of the schema only lends its hand.
set local role portal_gate;
drop function portal.open_session(bytea, uuid, uuid, text, text, text, interval);
create function portal.open_session(token bytea, person uuid, organisation uuid, csrf text, agent text, address text,
  lifetime interval) returns boolean language sql security definer set search_path = public as $$
  delete from session where expires_at < now();
  delete from sign_in_failure f using person p where p.id = $2 and f.account = sha256(convert_to(p.email, 'UTF8'));
  with opened as (
    insert into session (token_hash, person_id, organisation_id, csrf, user_agent, address, expires_at)
    select $1, $2, $3, $4, $5, $6, now() + $7
    where exists (select from membership m where m.person_id = $2 and m.organisation_id = $3 and m.active) returning 1)
  select exists (select from opened) $$;
comment on function portal.open_session is 'Whether there is a session now: only a member of the organisation gets one.';

create function portal.end_sessions_here(person uuid) returns void
  language sql security definer set search_path = public as $$
  delete from session where person_id = $1 and organisation_id = portal.organisation() $$;
comment on function portal.end_sessions_here is 'A member of the organisation signs in again, as with other roles.';
"""

PEOPLE = """
-- Nobody but the person sets a password, or the operator, who acts as the organisation and is nobody: somebody else's
-- administrator would otherwise hold the key to all that a person does for others.
drop function portal.set_password(uuid, text);
create function portal.set_password(person uuid, hash text) returns boolean
  language sql security definer set search_path = public as $$
  with kept as (
    insert into credential (person_id, password_hash) select $1, $2
    where $1 = portal.person() or (portal.person() is null and exists (
      select from membership m where m.person_id = $1 and m.organisation_id = portal.organisation()))
    on conflict (person_id) do update set password_hash = excluded.password_hash, changed_at = now() returning 1)
  select exists (select from kept) $$;

create function portal.person_with_email(email text) returns uuid
  language sql stable security definer set search_path = public as $$
  select id from person p where p.email = lower($1) and portal.person() is null $$;
comment on function portal.person_with_email is 'For the operator alone: a person may be known to organisations that
others know nothing of.';

-- The names of those one trades with, from the moment that both sides know of each other.
create or replace function portal.names(people uuid[]) returns table (id uuid, full_name text, organisation_name text)
  language sql stable security definer set search_path = public, portal as $$
  select distinct on (p.id) p.id, p.full_name, o.name from person p join membership m on m.person_id = p.id
  join organisation o on o.id = m.organisation_id
  where p.id = any ($1) and (m.organisation_id = portal.organisation() or exists (
    select from trading_relationship r where r.shown_to = r.supplier_id and (r.buyer_id, r.supplier_id) in
      ((portal.organisation(), m.organisation_id), (m.organisation_id, portal.organisation()))))
  order by p.id, (m.organisation_id = portal.organisation()) desc $$;

create function portal.destroy_person_key(person uuid) returns boolean
  language sql security definer set search_path = public as $$
  with gone as (
    delete from person_key k where k.person_id = $1 and portal.person() is null
      and exists (select from membership m where m.person_id = $1 and m.organisation_id = portal.organisation())
      and not exists (select from membership m where m.person_id = $1 and m.active) returning 1)
  select exists (select from gone) $$;
comment on function portal.destroy_person_key is
  'Makes what the log says about a person unreadable for ever; only for who is no member of anybody any more.';
"""

NAMES = """
-- Operators call an organisation by its name, or by its id where two have the same.
create or replace function portal.member_named(email text, organisation text) returns setof portal.member
  language sql stable security definer set search_path = public, portal as $$
  select * from portal.member m where m.email = lower($1) and ($2 is null or $2 in (m.organisation_name, m.organisation_id::text))
  order by organisation_name $$;

create or replace function portal.members(organisation text) returns setof portal.member
  language sql stable security definer set search_path = public, portal as $$
  select * from portal.member m where $1 is null or $1 in (m.organisation_name, m.organisation_id::text)
  order by organisation_name, email $$;

create or replace function portal.organisations(wanted text) returns table (id uuid, name text, kind text, time_zone text)
  language sql stable security definer set search_path = public as $$
  select id, name, kind, time_zone from organisation o where $1 is null or $1 in (o.name, o.id::text) order by created_at, id $$;

do $$ declare gated regprocedure; begin
  for gated in select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'portal' and p.prosecdef and p.proowner = 'portal_gate'::regrole loop
    execute format('revoke execute on function %s from public', gated);
    execute format('grant execute on function %s to portal_app', gated);
  end loop;
end $$;
reset role;
call portal.open_to_gate('person_key', 'select, delete');
"""

WALLS = """
-- A person's key opens what the log of their organisations says about them, and nobody else's log.
drop policy somebody on person_key;
create policy known on person_key for select
  using (person_id = (select portal.person()) or person_id in (select person_id from membership));
create policy made on person_key for insert with check ((select portal.organisation()) is not null);
revoke delete on person_key from portal_app;

-- People change their own data; the portal itself locks a member's row while it writes what belongs to it.
drop policy own on person;
create policy own on person for update using (
  id = (select portal.person()) or ((select portal.person()) is null and id in (select person_id from membership)));
"""

KEYS = """
-- An answer is kept with its headers. Those kept so far had their content type before the body, on a line of its own.
alter table idempotency_key add column headers jsonb not null default '[]';
alter table idempotency_key no force row level security;
update idempotency_key set
  headers = jsonb_build_array(jsonb_build_array('content-type',
    convert_from(substring(body from 1 for position('\\x0a'::bytea in body) - 1), 'UTF8'))),
  body = substring(body from position('\\x0a'::bytea in body) + 1)
where body is not null and position('\\x0a'::bytea in body) > 0;
alter table idempotency_key force row level security;
"""

SIDES = """
-- What only its owner may read of a change stands on that owner's side, and a change may have rows of several owners.
alter table audit_private drop constraint audit_private_pkey, add primary key (entry_id, owner_id);
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SESSIONS + PEOPLE + NAMES + WALLS + KEYS + SIDES)
