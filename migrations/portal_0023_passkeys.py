"""Passkeys, and companies' own identity providers: ceremonies that begin here, go on elsewhere and end here once."""

from portal.platform.migrations import sql_migration

ID = "2026-11-22T23:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Passkeys, identity providers of organisations, ceremonies"

PASSKEYS = """
create table passkey (
  id uuid primary key, person_id uuid not null references person, credential_id bytea not null unique,
  public_key bytea not null, sign_count bigint not null default 0, name text not null,
  transports text[] not null default '{}', created_at timestamptz not null default now(), used_at timestamptz);
create index passkey_person on passkey (person_id, created_at);
call portal.protect('passkey', 'person_id = (select portal.person())');
grant delete on passkey to portal_app;
call portal.open_to_gate('passkey', 'select, update, delete');

-- What a browser brings back from an authenticator or an identity provider answers a question of ours, once.
create table ceremony (
  question bytea primary key check (length(question) = 32), purpose text not null, person_id uuid,
  told jsonb not null default '{}', expires_at timestamptz not null);
create index ceremony_age on ceremony (expires_at);
alter table ceremony enable row level security;
alter table ceremony force row level security;
call portal.open_to_gate('ceremony', 'select, insert, delete');
"""

PROVIDERS = """
create table identity_provider (
  id uuid primary key, organisation_id uuid not null unique references organisation, issuer text not null,
  client_id text not null, domain text not null unique check (domain = lower(domain)), active boolean not null default true,
  version int not null default 1, created_at timestamptz not null);
call portal.protect('identity_provider', 'organisation_id = (select portal.organisation())');
call portal.keep('identity_provider', 'organisation_id');
call portal.open_to_gate('identity_provider', 'select');
-- The client's secret is sealed with the key ring; it is read by name and never with the rest.
create table identity_provider_secret (
  provider_id uuid primary key references identity_provider, organisation_id uuid not null references organisation,
  sealed bytea not null);
call portal.protect('identity_provider_secret', 'organisation_id = (select portal.organisation())');

-- Whom a provider knows by which name: a person who changes their address stays the same one.
create table provider_account (
  provider_id uuid not null references identity_provider, subject text not null, person_id uuid not null references person,
  organisation_id uuid not null references organisation, created_at timestamptz not null default now(),
  primary key (provider_id, subject), unique (provider_id, person_id));
call portal.protect('provider_account', 'organisation_id = (select portal.organisation())');
revoke update on provider_account from portal_app;
"""

GATES = """
create function portal.begin_ceremony(question bytea, purpose text, person uuid, told jsonb, lifetime interval)
  returns void language sql security definer set search_path = public as $$
  delete from ceremony where expires_at < now();
  insert into ceremony (question, purpose, person_id, told, expires_at) values ($1, $2, $3, $4, now() + $5) $$;

create function portal.end_ceremony(question bytea, purpose text) returns table (person_id uuid, told jsonb)
  language sql security definer set search_path = public as $$
  delete from ceremony c where c.question = $1 and c.purpose = $2 and c.expires_at > now()
    returning c.person_id, c.told $$;
comment on function portal.end_ceremony is 'An answer to a question that was asked is taken once.';

create function portal.passkey_holder(credential bytea)
  returns table (id uuid, person_id uuid, organisation_id uuid, public_key bytea, sign_count bigint)
  language sql stable security definer set search_path = public as $$
  select k.id, k.person_id, m.organisation_id, k.public_key, k.sign_count from passkey k join person p on p.id = k.person_id
  join lateral (select organisation_id from membership where person_id = p.id and active order by created_at, id limit 1) m
  on true where k.credential_id = $1 and p.disabled_at is null $$;

create function portal.passkey_used(passkey uuid, before bigint, after bigint) returns boolean
  language sql security definer set search_path = public as $$
  with used as (update passkey k set sign_count = $3, used_at = now() where k.id = $1 and k.sign_count = $2 returning 1)
  select exists (select from used) $$;

create function portal.provider_of(wanted text) returns table (id uuid, organisation_id uuid, issuer text, client_id text)
  language sql stable security definer set search_path = public as $$
  select p.id, p.organisation_id, p.issuer, p.client_id from identity_provider p
  where p.domain = lower(wanted) and p.active $$;
comment on function portal.provider_of is 'Where people with addresses of a domain sign in: no account is told by it.';

set local role portal_gate;
create or replace function portal.has_factor(person uuid) returns boolean
  language sql stable security definer set search_path = public as $$
  select exists (select from totp t where t.person_id = $1 and t.confirmed_at is not null)
    or exists (select from passkey k where k.person_id = $1) $$;

create or replace function portal.clean_up() returns table (sessions bigint, keys bigint)
  language sql security definer set search_path = public as $$
  with s as (delete from session where expires_at < now() returning 1),
       k as (delete from idempotency_key where created_at < now() - interval '24 hours' returning 1),
       c as (delete from ceremony where expires_at < now()),
       l as (delete from mail_link where expires_at < now() - interval '7 days')
  select (select count(*) from s), (select count(*) from k) $$;

create or replace function portal.drop_factors(person uuid) returns boolean
  language sql security definer set search_path = public, portal as $$
  with ours as (select where portal.person() is null and exists (
      select from membership m where m.person_id = $1 and m.organisation_id = portal.organisation())),
    codes as (delete from recovery_code where person_id = $1 and exists (select from ours)),
    keys as (delete from passkey where person_id = $1 and exists (select from ours)),
    gone as (delete from totp where person_id = $1 and exists (select from ours))
  select exists (select from ours) $$;
reset role;

do $$ declare gated regprocedure; begin
  foreach gated in array array['portal.begin_ceremony(bytea,text,uuid,jsonb,interval)',
      'portal.end_ceremony(bytea,text)', 'portal.passkey_holder(bytea)', 'portal.passkey_used(uuid,bigint,bigint)',
      'portal.provider_of(text)']::regprocedure[] loop
    execute format('revoke execute on function %s from public', gated);
    execute format('grant execute on function %s to portal_app', gated);
    execute format('alter function %s owner to portal_gate', gated);
  end loop;
end $$;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, PASSKEYS + PROVIDERS + GATES)
