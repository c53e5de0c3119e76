"""Engagements of auditors, their workpapers, and evidence that is put together aside."""

from portal.platform.migrations import sql_migration

ID = "2026-11-24T16:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Engagements, workpapers, evidence"

ENGAGEMENTS = """
alter table membership add ends_at timestamptz;
alter table invitation add ends_at timestamptz;
comment on column membership.ends_at is 'From this moment on nobody acts by this membership; null is open-ended.';

create table engagement (
  id uuid primary key, organisation_id uuid not null references organisation, number text not null,
  title text not null check (length(title) > 0), purpose text not null default '', email text not null,
  auditor_id uuid, invitation_id uuid references invitation, owned_by uuid not null,
  state text not null default 'open' check (state in ('open', 'closed')),
  opened_by uuid not null, opened_at timestamptz not null, until timestamptz not null check (until > opened_at),
  closed_by uuid, closed_at timestamptz, close_reason text not null default '', version int not null default 1,
  unique (organisation_id, number),
  constraint one_auditor check (num_nonnulls(auditor_id, invitation_id) = 1),
  constraint owner_apart check (owned_by <> opened_by and owned_by is distinct from auditor_id),
  constraint closed_when check ((state = 'closed') = (closed_at is not null)));
create index engagement_list on engagement (organisation_id, opened_at desc, id desc);
call portal.protect('engagement', 'organisation_id = (select portal.organisation())');
call portal.keep('engagement', 'organisation_id', 'number', 'email', 'auditor_id', 'invitation_id', 'owned_by', 'opened_by',
  'opened_at', 'until');
create trigger legal_state before update of state on engagement for each row
  execute function portal.legal_state('open>closed');
create trigger final before update on engagement for each row
  when (old.state = 'closed') execute function portal.refuse_change('a closed engagement');
"""

# The view stands on what it was before, whatever other conditions it has got meanwhile.
MEMBERS = """
do $$ begin
  execute format('create or replace view portal.member with (security_invoker = true) as
    select m.* from (%s) m where not exists (select from public.membership e where e.person_id = m.person_id
      and e.organisation_id = m.organisation_id and e.ends_at <= now())',
    rtrim(pg_get_viewdef('portal.member'::regclass), ' ;' || chr(10)));
end $$;
"""

READS = """
-- What an auditor reads in an engagement is its owner's alone to know, until the engagement is over.
create policy reads_in_engagements on audit_entry as restrictive for select to portal_app using (
  event <> all (array['record.read', 'data.exported', 'evidence.exported'])
  or (select portal.person()) is null or actor_id = (select portal.person())
  or not exists (select from engagement g left join invitation i on i.id = g.invitation_id
    where g.organisation_id = audit_entry.owner_id and coalesce(g.auditor_id, i.accepted_by) = audit_entry.actor_id
      and g.state = 'open' and g.until > now() and audit_entry.at >= g.opened_at
      and g.owned_by is distinct from (select portal.person())));
"""

WORKPAPERS = """
create table workpaper (
  id uuid primary key, organisation_id uuid not null references organisation, engagement_id uuid not null
    references engagement, number text not null, kind text not null check (kind in ('sample', 'finding', 'note')),
  title text not null check (length(title) > 0), body text not null default '', reference text not null default '',
  severity text not null default '' check (severity in ('', 'low', 'medium', 'high')),
  content jsonb not null default '{}', digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  created_by uuid not null, created_at timestamptz not null, unique (organisation_id, number));
create index workpaper_list on workpaper (engagement_id, created_at desc, id desc);

create table workpaper_item (
  id uuid primary key, workpaper_id uuid not null references workpaper, organisation_id uuid not null,
  position int not null check (position > 0), record_id uuid not null, kind text not null, number text not null,
  party text not null default '', dated date not null, amount numeric, currency text not null default '',
  hits int not null check (hits > 0), certain boolean not null, unique (workpaper_id, position));

create table workpaper_result (
  id uuid primary key, workpaper_id uuid not null references workpaper, item_id uuid not null references workpaper_item,
  organisation_id uuid not null, outcome text not null check (outcome in ('pass', 'exception')), audited numeric,
  note text not null default '', created_by uuid not null, created_at timestamptz not null);
create index workpaper_result_list on workpaper_result (workpaper_id, item_id, created_at desc, id desc);

create table workpaper_signature (
  id uuid primary key, workpaper_id uuid not null unique references workpaper, organisation_id uuid not null,
  digest text not null check (digest ~ '^[0-9a-f]{64}$'), note text not null default '', signed_by uuid not null,
  signed_at timestamptz not null);

do $$ declare paper text; begin
  foreach paper in array array['workpaper', 'workpaper_item', 'workpaper_result', 'workpaper_signature'] loop
    call portal.protect(paper::regclass, 'organisation_id = (select portal.organisation())');
    execute format('revoke update on %s from portal_app', paper);
    execute format('create trigger never_rewritten before update or delete on %s
      for each row execute function portal.refuse_rewriting()', paper);
    execute format('create trigger never_truncated before truncate on %s
      execute function portal.refuse_rewriting()', paper);
  end loop;
end $$;

create function portal.paper_is_open() returns trigger language plpgsql as $$
begin
  if exists (select from workpaper_signature s where s.workpaper_id = new.workpaper_id) then
    raise exception 'a signed workpaper takes nothing more' using errcode = 'check_violation';
  elsif exists (select from workpaper w join engagement g on g.id = w.engagement_id
      where w.id = new.workpaper_id and (g.state = 'closed' or g.until <= now())) then
    raise exception 'the engagement is over' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger open_paper before insert on workpaper_result for each row execute function portal.paper_is_open();

create function portal.signed_by_another() returns trigger language plpgsql as $$
begin
  if exists (select from workpaper w where w.id = new.workpaper_id and w.created_by = new.signed_by)
    or exists (select from workpaper_result r where r.workpaper_id = new.workpaper_id and r.created_by = new.signed_by) then
    raise exception 'nobody signs off their own work' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger another before insert on workpaper_signature for each row execute function portal.signed_by_another();
"""

EVIDENCE = """
create table evidence_bundle (
  id uuid primary key, organisation_id uuid not null references organisation, engagement_id uuid references engagement,
  number text not null, query jsonb not null default '{}',
  state text not null default 'asked' check (state in ('asked', 'making', 'ready', 'failed')),
  entries int not null default 0, sha256 text, size bigint, problem text not null default '',
  asked_by uuid not null, asked_at timestamptz not null, ready_at timestamptz, version int not null default 1,
  unique (organisation_id, number),
  constraint ready_when check ((state = 'ready') = (sha256 is not null)));
create index evidence_bundle_list on evidence_bundle (organisation_id, asked_at desc, id desc);
call portal.protect('evidence_bundle', 'organisation_id = (select portal.organisation())');
call portal.keep('evidence_bundle', 'organisation_id', 'engagement_id', 'number', 'query', 'asked_by', 'asked_at');
create trigger legal_state before update of state on evidence_bundle for each row
  execute function portal.legal_state('asked>making', 'making>ready', 'asked>failed', 'making>failed');

create table evidence_progress (
  bundle_id uuid primary key, organisation_id uuid not null, done numeric not null, what text not null,
  at timestamptz not null);
call portal.protect('evidence_progress', 'organisation_id = (select portal.organisation())');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, ENGAGEMENTS + MEMBERS + READS + WORKPAPERS + EVIDENCE)
