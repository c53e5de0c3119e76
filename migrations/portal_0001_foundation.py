"""Roles, the context of a transaction, and what every later table is protected with."""

from dramatiq_postgres.schema import generate_init_sql

from portal.platform.migrations import sql_migration

ID = "2026-11-21T01:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Roles, transaction context, protection of tables, jobs, numbers, idempotency keys, audit"

ROLES = """
-- portal_app reads and writes rows under row-level security and owns nothing. portal_gate owns the few SECURITY DEFINER
-- functions that must look across organisations; nobody signs in as portal_gate.
do $$ begin
  if not exists (select from pg_roles where rolname = 'portal_app') then create role portal_app login; end if;
  if not exists (select from pg_roles where rolname = 'portal_gate') then create role portal_gate nologin; end if;
end $$;
grant portal_gate to current_user with inherit false, set true;
create schema portal;
grant usage on schema portal, public to portal_app, portal_gate;
grant create on schema portal to portal_gate;
revoke create on schema public from public;
"""

CONTEXT = """
create function portal.organisation() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('portal.organisation', true), '')::uuid $$;
comment on function portal.organisation() is 'Whose rows this transaction sees; null sees none.';

create function portal.person() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('portal.person', true), '')::uuid $$;

create function portal.now() returns timestamptz language sql stable parallel safe
  as $$ select coalesce(nullif(current_setting('portal.now', true), '')::timestamptz, transaction_timestamp()) $$;
comment on function portal.now() is 'The transaction''s time; the demo''s story and tests set portal.now.';
"""

PROTECTION = """
create procedure portal.protect(guarded regclass, condition text) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', guarded);
  execute format('alter table %s force row level security', guarded);
  execute format('create policy tenant on %s using (%s) with check (%s)', guarded, condition, condition);
  execute format('grant select, insert, update on %s to portal_app', guarded);
end $$;
comment on procedure portal.protect is 'Forced row-level security with one policy for all commands, and the app''s rights.';

create procedure portal.open_to_gate(guarded regclass, rights text) language plpgsql as $$
begin
  execute format('create policy gate on %s to portal_gate using (true) with check (true)', guarded);
  execute format('grant %s on %s to portal_gate', rights, guarded);
end $$;

create function portal.legal_state() returns trigger language plpgsql as $$
begin
  if new.state <> old.state and not (old.state || '>' || new.state) = any (tg_argv) then
    raise exception 'illegal state of %: % to %', tg_table_name, old.state, new.state using errcode = 'check_violation';
  end if;
  return new;
end $$;

create function portal.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% of % never changes', tg_argv[0], tg_table_name using errcode = 'check_violation';
end $$;

create procedure portal.keep(guarded regclass, variadic kept text[]) language plpgsql as $$
declare kept_column text;
begin
  foreach kept_column in array kept loop
    execute format('create trigger keep_%1$s before update of %1$I on %2$s for each row
      when (old.%1$I is distinct from new.%1$I) execute function portal.refuse_change(%1$L)', kept_column, guarded);
  end loop;
end $$;
"""

WORK = """
create table document_number (
  organisation_id uuid not null, kind text not null, year int not null, last bigint not null check (last > 0),
  primary key (organisation_id, kind, year));
call portal.protect('document_number', 'organisation_id = (select portal.organisation())');

create table idempotency_key (
  organisation_id uuid not null, person_id uuid not null, key text not null check (length(key) <= 200),
  digest bytea not null, status int, body bytea, created_at timestamptz not null default now(),
  primary key (person_id, organisation_id, key));
create index idempotency_key_age on idempotency_key (created_at);
call portal.protect('idempotency_key', 'organisation_id = (select portal.organisation())');
call portal.open_to_gate('idempotency_key', 'select, delete');

-- Segregation of duties: who used which listed permission on one business transaction (its root is the order).
create table duty_taken (
  organisation_id uuid not null, root_id uuid not null, permission text not null, person_id uuid not null,
  at timestamptz not null default now(), primary key (root_id, permission, person_id));
call portal.protect('duty_taken', 'organisation_id = (select portal.organisation())');

grant usage on schema dramatiq to portal_app;
grant select, insert, update, delete on dramatiq.queue, dramatiq.worker, dramatiq.result to portal_app;
"""

AUDIT = """
create table audit_entry (
  id uuid primary key, at timestamptz not null,
  organisation_id uuid not null, actor_id uuid, actor_kind text not null check (actor_kind in ('person', 'system')),
  owner_id uuid not null, shown_to uuid,
  event text not null, subject_kind text not null, subject_id uuid not null, subject text not null default '',
  root_id uuid, request_id text not null default '',
  body json not null, salt bytea not null check (length(salt) = 16), leaf bytea not null check (length(leaf) = 32)
) partition by range (id);
create table audit_entry_default partition of audit_entry default;
create index audit_entry_owner on audit_entry (owner_id, id desc);
create index audit_entry_shown on audit_entry (shown_to, id desc) where shown_to is not null;
create index audit_entry_root on audit_entry (root_id, id desc);
create index audit_entry_subject on audit_entry (subject_id, id desc);
create index audit_entry_name on audit_entry (subject, id desc);
create index audit_entry_actor on audit_entry (actor_id, id desc);
call portal.protect('audit_entry', '(select portal.organisation()) = any (array[owner_id, shown_to])');
revoke update on audit_entry from portal_app;
alter table audit_entry_default enable row level security;
alter table audit_entry_default force row level security;

-- What only the owner's side may read of an entry (internal notes and the like); the shared entry commits to its hash.
create table audit_private (
  entry_id uuid primary key, owner_id uuid not null, salt bytea not null, body json not null);
call portal.protect('audit_private', 'owner_id = (select portal.organisation())');
revoke update on audit_private from portal_app;

-- Personal fields in the log are encrypted with the person's own key: erasing a person destroys the key and no proof.
create table person_key (person_id uuid primary key, wrapped bytea not null, created_at timestamptz not null default now());
alter table person_key enable row level security;
alter table person_key force row level security;
create policy somebody on person_key
  using ((select portal.organisation()) is not null) with check ((select portal.organisation()) is not null);
grant select, insert, delete on person_key to portal_app;

create function portal.refuse_rewriting() returns trigger language plpgsql as $$
begin
  raise exception 'the log is never rewritten' using errcode = 'insufficient_privilege';
end $$;
create trigger never_rewritten before update or delete on audit_entry
  for each row execute function portal.refuse_rewriting();
create trigger never_rewritten before update or delete on audit_private
  for each row execute function portal.refuse_rewriting();
create trigger never_truncated before truncate on audit_entry execute function portal.refuse_rewriting();
create trigger never_truncated before truncate on audit_private execute function portal.refuse_rewriting();

create function portal.uuid_floor(instant timestamptz) returns uuid language sql immutable
  return (lpad(to_hex((extract(epoch from instant) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

create function portal.partition_audit(months_ahead int) returns int language plpgsql as $$
declare month timestamptz; name text; made int := 0;
begin
  for ahead in 0..months_ahead loop
    month := date_trunc('month', now(), 'UTC') + make_interval(months => ahead);
    name := 'audit_entry_' || to_char(month at time zone 'UTC', 'YYYY_MM');
    continue when to_regclass('public.' || name) is not null;
    execute format('create table public.%I partition of public.audit_entry for values from (%L) to (%L)',
      name, portal.uuid_floor(month), portal.uuid_floor(month + interval '1 month'));
    execute format('alter table public.%I enable row level security', name);
    execute format('alter table public.%I force row level security', name);
    made := made + 1;
  end loop;
  return made;
end $$;
comment on function portal.partition_audit is 'Makes the monthly partitions of the log ahead of time; the owner runs it.';
select portal.partition_audit(24);
"""


async def forwards():
    script = ROLES + CONTEXT + PROTECTION + generate_init_sql() + WORK + AUDIT
    return sql_migration(ID, DESCRIPTION, script)
