"""Organisations, their sites and people, trading relationships, sessions, and the gate's functions."""

from portal.platform.migrations import sql_migration

ID = "2026-11-21T02:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Organisations, people, memberships, sessions, trading relationships"

ORGANISATIONS = """
create table organisation (
  id uuid primary key, host_id uuid references organisation, name text not null check (length(name) between 1 and 200),
  kind text not null check (kind in ('buyer', 'supplier', 'both')),
  country text not null check (country ~ '^[A-Z]{2}$'), address jsonb not null default '{}',
  registration_number text not null default '', vat_number text not null default '', gln text not null default '',
  email text not null default '', currency text not null check (currency ~ '^[A-Z]{3}$'),
  language text not null default 'en', time_zone text not null default 'UTC', tolerances jsonb not null default '{}',
  source jsonb, version int not null default 1, created_at timestamptz not null default now());
create index organisation_host on organisation (host_id);

create table trading_relationship (
  id uuid primary key, buyer_id uuid not null references organisation, supplier_id uuid not null references organisation,
  shown_to uuid, supplier_name text not null, supplier_number text not null default '',
  state text not null default 'invited'
    check (state in ('invited', 'in_qualification', 'approved', 'on_hold', 'ended')),
  currency text not null, payment_days int not null default 30 check (payment_days between 0 and 365),
  payment_terms text not null default '', response_days int not null default 2 check (response_days between 0 and 60),
  orders_held_until date, invoices_held_until date, payments_held_until date,
  tolerances jsonb not null default '{}', tier text not null default '', tags text[] not null default '{}',
  standing text not null default 'no_data', score numeric, source jsonb,
  version int not null default 1, created_at timestamptz not null default now(),
  unique (buyer_id, supplier_id), check (buyer_id <> supplier_id));
create index trading_relationship_supplier on trading_relationship (supplier_id);
create unique index trading_relationship_number on trading_relationship (buyer_id, supplier_number)
  where supplier_number <> '';
call portal.protect('trading_relationship', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
call portal.keep('trading_relationship', 'buyer_id', 'supplier_id');

alter table organisation enable row level security;
alter table organisation force row level security;
create policy own on organisation
  using (id = (select portal.organisation()) or host_id = (select portal.organisation()))
  with check (id = (select portal.organisation()) or host_id = (select portal.organisation()));
create policy partners on organisation for select using (
  id in (select supplier_id from trading_relationship where buyer_id = (select portal.organisation()))
  or id in (select buyer_id from trading_relationship where shown_to = (select portal.organisation())));
grant select, insert, update on organisation to portal_app;

create table site (
  id uuid primary key, organisation_id uuid not null references organisation, name text not null,
  address jsonb not null default '{}', time_zone text not null default 'UTC', is_default boolean not null default false,
  version int not null default 1, created_at timestamptz not null default now());
create index site_organisation on site (organisation_id);
call portal.protect('site', 'organisation_id = (select portal.organisation())');
"""

PEOPLE = """
create table person (
  id uuid primary key, full_name text not null check (length(full_name) between 1 and 200),
  email text not null unique check (email = lower(email)), language text not null default 'en',
  time_zone text not null default 'UTC', disabled_at timestamptz, version int not null default 1,
  created_at timestamptz not null default now());

create table membership (
  id uuid primary key, organisation_id uuid not null references organisation, person_id uuid not null references person,
  roles text[] not null, scope jsonb not null default '{}',
  limit_currency text, limit_gross numeric, limit_cumulative numeric, active boolean not null default true,
  version int not null default 1, created_at timestamptz not null default now(), unique (organisation_id, person_id));
create index membership_person on membership (person_id);
call portal.protect('membership', 'organisation_id = (select portal.organisation())');

alter table person enable row level security;
alter table person force row level security;
create policy known on person for select
  using (id = (select portal.person()) or id in (select person_id from membership));
create policy own on person for update using (id = (select portal.person()) or id in (select person_id from membership));
create policy invited on person for insert with check (true);
grant select, insert, update on person to portal_app;

create table credential (
  person_id uuid primary key references person, password_hash text not null, changed_at timestamptz not null default now());
create table session (
  token_hash bytea primary key check (length(token_hash) = 32), person_id uuid not null references person,
  organisation_id uuid not null references organisation, csrf text not null, user_agent text not null default '',
  address text not null default '', created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(), expires_at timestamptz not null);
create index session_person on session (person_id);
create index session_expiry on session (expires_at);
create table sign_in_failure (at timestamptz not null default now(), account bytea not null, address text not null);
create index sign_in_failure_account on sign_in_failure (account, at);
create index sign_in_failure_address on sign_in_failure (address, at);
create table api_key (
  id uuid primary key, organisation_id uuid not null references organisation, person_id uuid not null references person,
  name text not null default '', key_hash bytea not null unique, scopes text[] not null,
  expires_at timestamptz, used_at timestamptz, revoked_at timestamptz, created_at timestamptz not null default now());

do $$ declare guarded regclass; begin
  foreach guarded in array array['credential', 'sign_in_failure']::regclass[] loop
    execute format('alter table %s enable row level security', guarded);
    execute format('alter table %s force row level security', guarded);
  end loop;
end $$;
call portal.protect('session', 'person_id = (select portal.person())');
revoke insert, update on session from portal_app;
grant delete on session to portal_app;
call portal.protect('api_key', 'organisation_id = (select portal.organisation())');
call portal.open_to_gate('organisation', 'select');
call portal.open_to_gate('trading_relationship', 'select');
call portal.open_to_gate('person', 'select');
call portal.open_to_gate('membership', 'select');
call portal.open_to_gate('credential', 'select, insert, update');
call portal.open_to_gate('session', 'select, insert, update, delete');
call portal.open_to_gate('sign_in_failure', 'select, insert, delete');
call portal.open_to_gate('api_key', 'select, update');
"""

GATE = """
create function portal.sign_in_candidate(wanted text)
  returns table (person_id uuid, password_hash text, organisation_id uuid)
  language sql stable security definer set search_path = public as $$
  select p.id, c.password_hash, m.organisation_id from person p join credential c on c.person_id = p.id
  join lateral (select organisation_id from membership where person_id = p.id and active order by created_at, id limit 1) m
  on true where p.email = lower(wanted) and p.disabled_at is null $$;

create function portal.sign_in_failures(account bytea, address text)
  returns table (of_account bigint, of_address bigint) language sql stable security definer set search_path = public as $$
  select (select count(*) from sign_in_failure f where f.account = $1 and at > now() - interval '15 minutes'),
         (select count(*) from sign_in_failure f where f.address = $2 and at > now() - interval '15 minutes') $$;

create function portal.sign_in_failed(account bytea, address text) returns void
  language sql security definer set search_path = public as $$
  delete from sign_in_failure where at < now() - interval '1 day';
  insert into sign_in_failure (account, address) values ($1, $2) $$;

create function portal.open_session(token bytea, person uuid, organisation uuid, csrf text, agent text, address text,
  lifetime interval) returns void language sql security definer set search_path = public as $$
  delete from session where expires_at < now();
  delete from sign_in_failure f using person p where p.id = $2 and f.account = sha256(convert_to(p.email, 'UTF8'));
  insert into session (token_hash, person_id, organisation_id, csrf, user_agent, address, expires_at)
  select $1, $2, $3, $4, $5, $6, now() + $7
  where exists (select from membership m where m.person_id = $2 and m.organisation_id = $3 and m.active) $$;

create function portal.close_session(token bytea) returns void
  language sql security definer set search_path = public as $$ delete from session where token_hash = $1 $$;

create view portal.member with (security_invoker = true) as
  select m.person_id, m.organisation_id, p.full_name, p.email, p.language, p.time_zone, o.name as organisation_name,
    o.kind as organisation_kind, m.roles, m.scope, m.limit_currency, m.limit_gross, m.limit_cumulative
  from membership m join person p on p.id = m.person_id join organisation o on o.id = m.organisation_id
  where m.active and p.disabled_at is null;

create type portal.identified as (csrf text, scopes text[], person_id uuid, organisation_id uuid, full_name text,
  email text, language text, time_zone text, organisation_name text, organisation_kind text, roles text[], scope jsonb,
  limit_currency text, limit_gross numeric, limit_cumulative numeric);

create function portal.session_member(token bytea, idle interval) returns setof portal.identified
  language sql security definer set search_path = public, portal as $$
  update session set seen_at = now() where token_hash = $1 and seen_at < now() - interval '1 minute'
    and seen_at > now() - $2;
  select s.csrf, array['*'], m.* from session s join portal.member m
    on m.person_id = s.person_id and m.organisation_id = s.organisation_id
  where s.token_hash = $1 and s.expires_at > now() and s.seen_at > now() - $2 $$;

create function portal.api_key_member(hash bytea) returns setof portal.identified
  language sql security definer set search_path = public, portal as $$
  update api_key set used_at = now() where key_hash = $1 and (used_at is null or used_at < now() - interval '1 minute');
  select '', k.scopes, m.* from api_key k join portal.member m
    on m.person_id = k.person_id and m.organisation_id = k.organisation_id
  where k.key_hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > now()) $$;

create function portal.member_named(email text, organisation text) returns setof portal.member
  language sql stable security definer set search_path = public, portal as $$
  select * from portal.member m where m.email = lower($1) and ($2 is null or m.organisation_name = $2) $$;

create function portal.members(organisation text) returns setof portal.member
  language sql stable security definer set search_path = public, portal as $$
  select * from portal.member m where $1 is null or m.organisation_name = $1 order by organisation_name, email $$;

create function portal.memberships_of_session(token bytea) returns setof portal.member
  language sql stable security definer set search_path = public, portal as $$
  select m.* from portal.member m join session s on s.person_id = m.person_id
  where s.token_hash = $1 and s.expires_at > now() order by organisation_name $$;

create function portal.names(people uuid[]) returns table (id uuid, full_name text, organisation_name text)
  language sql stable security definer set search_path = public, portal as $$
  select distinct on (p.id) p.id, p.full_name, o.name from person p join membership m on m.person_id = p.id
  join organisation o on o.id = m.organisation_id
  where p.id = any ($1) and (m.organisation_id = portal.organisation() or exists (
    select from trading_relationship r where (r.buyer_id, r.supplier_id) in
      ((portal.organisation(), m.organisation_id), (m.organisation_id, portal.organisation()))))
  order by p.id, (m.organisation_id = portal.organisation()) desc $$;

create function portal.set_password(person uuid, hash text) returns void
  language sql security definer set search_path = public as $$
  insert into credential (person_id, password_hash) select $1, $2
    where $1 = portal.person() or exists (
      select from membership m where m.person_id = $1 and m.organisation_id = portal.organisation())
  on conflict (person_id) do update set password_hash = excluded.password_hash, changed_at = now() $$;

create function portal.organisations(wanted text) returns table (id uuid, name text, kind text, time_zone text)
  language sql stable security definer set search_path = public as $$
  select id, name, kind, time_zone from organisation where $1 is null or name = $1 order by created_at, id $$;
"""

GATE_RIGHTS = """
grant select on portal.member to portal_gate;
do $$ declare gated regprocedure; begin
  for gated in select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'portal' and p.prosecdef loop
    execute format('alter function %s owner to portal_gate', gated);
    execute format('revoke execute on function %s from public', gated);
    execute format('grant execute on function %s to portal_app', gated);
  end loop;
end $$;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, ORGANISATIONS + PEOPLE + GATE + GATE_RIGHTS)
