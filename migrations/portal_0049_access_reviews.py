"""Reviews of access: who answers for each role, campaigns, what was decided in them, and their signed reports."""

from portal.platform.migrations import sql_migration

ID = "2026-11-25T13:30:00"
VERSION = "1.38.0"
DESCRIPTION = "Access reviews: owners of roles, campaigns, decisions, signed reports"

REVIEWS = """
alter table organisation add access_review_days int default 21 check (access_review_days between 3 and 60);
comment on column organisation.access_review_days is
  'So many days reviewers have in the campaign that begins each quarter; null: campaigns begin by hand alone.';

create table role_owner (
  id uuid primary key, organisation_id uuid not null references organisation, role text not null check (role <> ''),
  owners uuid[] not null default '{}', version int not null default 1, unique (organisation_id, role));
call portal.protect('role_owner', 'organisation_id = (select portal.organisation())');
call portal.keep('role_owner', 'organisation_id', 'role');

create table access_review (
  id uuid primary key, organisation_id uuid not null references organisation, number text not null,
  quarter text not null check (quarter ~ '^[0-9]{4}-Q[1-4]$'),
  state text not null default 'open' check (state in ('open', 'closed')), opened_by uuid references person,
  opened_at timestamptz not null, due_at timestamptz not null check (due_at > opened_at), reminded_at timestamptz,
  closed_by uuid references person, closed_at timestamptz, digest text not null default '', version int not null default 1,
  unique (organisation_id, number),
  constraint closed_whole check ((state = 'closed') = (closed_at is not null and digest ~ '^[0-9a-f]{64}$')));
create unique index access_review_open on access_review (organisation_id) where state = 'open';
create index access_review_list on access_review (organisation_id, opened_at desc, id desc);
call portal.protect('access_review', 'organisation_id = (select portal.organisation())');
create trigger legal_state before update of state on access_review for each row
  execute function portal.legal_state('open>closed');
create trigger sealed before update on access_review for each row execute function portal.sealed(
  'version', 'state', 'reminded_at', 'closed_by', 'closed_at', 'digest');
create trigger final before update on access_review for each row when (old.state = 'closed')
  execute function portal.refuse_change('a review that is closed');

create table reviewed_role (
  id uuid primary key, organisation_id uuid not null references organisation,
  review_id uuid not null references access_review, membership_id uuid not null references membership,
  person_id uuid not null references person, role text not null check (role <> ''),
  snapshot jsonb not null check (jsonb_typeof(snapshot) = 'object'), reviewers uuid[] not null default '{}',
  state text not null default 'open' check (state in ('open', 'kept', 'revoked', 'lapsed', 'spared', 'gone')),
  decided_by uuid references person, decided_at timestamptz, reason text not null default '',
  version int not null default 1, unique (review_id, membership_id, role),
  constraint never_oneself check (decided_by <> person_id and person_id <> all (reviewers)),
  constraint decided_when check ((state = 'open') = (decided_at is null)),
  constraint decided_by_somebody check ((state in ('kept', 'revoked')) = (decided_by is not null)),
  constraint taken_back_for_a_reason check (state <> 'revoked' or reason <> ''));
create index reviewed_role_open on reviewed_role using gin (reviewers) where state = 'open';
call portal.protect('reviewed_role', 'organisation_id = (select portal.organisation())');
create trigger legal_state before update of state on reviewed_role for each row execute function portal.legal_state(
  'open>kept', 'open>revoked', 'kept>revoked', 'open>lapsed', 'open>spared', 'open>gone');
create trigger sealed before update on reviewed_role for each row execute function portal.sealed(
  'version', 'state', 'reviewers', 'decided_by', 'decided_at', 'reason');
create trigger final before update on reviewed_role for each row when (old.state not in ('open', 'kept'))
  execute function portal.refuse_change('a decision on a role');
comment on column reviewed_role.snapshot is 'What was known of them when the campaign began.';

create table access_review_report (
  review_id uuid primary key references access_review, organisation_id uuid not null references organisation,
  attested jsonb not null, body text not null, created_at timestamptz not null default portal.now());
call portal.protect('access_review_report', 'organisation_id = (select portal.organisation())');
revoke update on access_review_report from portal_app;
create trigger final before update or delete on access_review_report for each row
  execute function portal.refuse_change('a signed report');
"""

WAITING = """
create view portal.access_review_waiting with (security_invoker = true) as
  select v.*, null::uuid as person_id, array(select distinct unnest(l.reviewers) from reviewed_role l
    where l.review_id = v.id and l.state = 'open') as reviewers from access_review v;
grant select on portal.access_review_waiting to portal_app;
comment on view portal.access_review_waiting is 'Campaigns with those who have still to decide in them.';
"""

# The setting beside those that there are; the view and the function stand on what they were before.
SETTING = """
do $$ begin
  execute format('create or replace view portal.setting_now with (security_invoker = true) as %s
    union all select id, ''access-reviews'', id, jsonb_build_object(''access_review_days'', access_review_days)
    from public.organisation', rtrim(pg_get_viewdef('portal.setting_now'::regclass), ' ;' || chr(10)));
end $$;
do $$ begin
  execute format('create or replace function portal.setting_usual(kind text) returns jsonb language sql immutable as
    $usual$ select case when $1 = ''access-reviews'' then ''{"access_review_days": 21}''::jsonb else (%s) end $usual$',
    (select prosrc from pg_proc where oid = 'portal.setting_usual(text)'::regprocedure));
end $$;
create constraint trigger access_reviews_recorded after update of access_review_days on organisation
  deferrable initially deferred for each row when (old.access_review_days is distinct from new.access_review_days)
  execute function portal.record_setting('access-reviews', 'id', 'id');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, REVIEWS + WAITING + SETTING)
