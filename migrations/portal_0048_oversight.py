"""More roles for an emergency, looking as a colleague, telephone numbers; sessions that know of both."""

from portal.platform.migrations import sql_migration

ID = "2026-11-25T12:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Emergency access, looking as a colleague, telephone numbers"

PHONES = """
alter table person add phone text not null default '';
alter table organisation add phone text not null default '';
set local role portal_gate;
create or replace function portal.forget_person(person uuid) returns boolean
  language sql security definer set search_path = public as $$
  delete from session where person_id = $1;
  delete from api_key where person_id = $1;
  delete from credential where person_id = $1;
  update person set full_name = '–', email = 'erased-' || $1 || '@erased.invalid', phone = '',
    disabled_at = coalesce(disabled_at, now()), version = version + 1
    where id = $1 and email not like 'erased-%';
  with gone as (delete from person_key where person_id = $1 returning 1) select exists (select from gone) $$;
reset role;
"""

EMERGENCY = """
create table emergency_access (
  id uuid primary key, organisation_id uuid not null references organisation, number text not null,
  created_by uuid not null references person, roles text[] not null check (cardinality(roles) > 0),
  minutes int not null check (minutes between 15 and 240), reason text not null check (length(reason) > 0),
  state text not null default 'asked'
    check (state in ('asked', 'granted', 'declined', 'withdrawn', 'ended', 'reviewed')),
  asked_at timestamptz not null, decided_by uuid references person, decided_at timestamptz,
  decision_reason text not null default '', until timestamptz, ended_by uuid references person, ended_at timestamptz,
  reviewed_by uuid references person, reviewed_at timestamptz, verdict text check (verdict in ('justified', 'unjustified')),
  review_note text not null default '', version int not null default 1, unique (organisation_id, number),
  constraint two_people check (decided_by <> created_by),
  constraint third_person check (reviewed_by not in (created_by, decided_by)),
  constraint four_hours check (until <= decided_at + interval '4 hours'),
  constraint granted_until check ((state in ('granted', 'ended', 'reviewed')) = (until is not null)),
  constraint granted_by check (until is null or decided_by is not null),
  constraint reviewed_whole check ((state = 'reviewed') = (num_nonnulls(reviewed_by, reviewed_at, verdict) = 3)));
create unique index emergency_access_one on emergency_access (organisation_id, created_by)
  where state in ('asked', 'granted', 'ended');
create index emergency_access_list on emergency_access (organisation_id, asked_at desc, id desc);
call portal.protect('emergency_access', 'organisation_id = (select portal.organisation())');
call portal.keep('emergency_access', 'organisation_id', 'number', 'created_by', 'roles', 'minutes', 'reason', 'asked_at');
create trigger legal_state before update of state on emergency_access for each row execute function portal.legal_state(
  'asked>granted', 'asked>declined', 'asked>withdrawn', 'granted>ended', 'granted>reviewed', 'ended>reviewed');
create trigger sealed before update on emergency_access for each row when (old.until is not null)
  execute function portal.sealed('version', 'state', 'ended_by', 'ended_at', 'reviewed_by', 'reviewed_at', 'verdict',
    'review_note');
create trigger final before update on emergency_access for each row
  when (old.state in ('declined', 'withdrawn', 'reviewed'))
  execute function portal.refuse_change('an emergency that is over');
call portal.open_to_gate('emergency_access', 'select');
comment on table emergency_access is
  'Roles that somebody asked for, another person granted for four hours at most, and a third one looks at afterwards.';

-- The view stands on what it was before; who holds more roles for a time acts in all of them.
do $$ begin
  execute format('create or replace view portal.member with (security_invoker = true) as
    select m.person_id, m.organisation_id, m.full_name, m.email, m.language, m.time_zone, m.organisation_name,
      m.organisation_kind, case when e.roles is null then m.roles else m.roles || e.roles end as roles, m.scope,
      m.limit_currency, m.limit_gross, m.limit_cumulative
    from (%s) m left join public.emergency_access e on e.organisation_id = m.organisation_id
      and e.created_by = m.person_id and e.state = ''granted'' and e.until > portal.now()',
    rtrim(pg_get_viewdef('portal.member'::regclass), ' ;' || chr(10)));
end $$;
"""

LOOKING = """
create table see_as (
  id uuid primary key, organisation_id uuid not null references organisation, person_id uuid not null references person,
  created_by uuid not null references person, reason text not null check (length(reason) > 0),
  begun_at timestamptz not null, until timestamptz not null, ended_at timestamptz, version int not null default 1,
  constraint never_oneself check (created_by <> person_id),
  constraint half_an_hour check (until <= begun_at + interval '30 minutes'));
create index see_as_list on see_as (organisation_id, begun_at desc, id desc);
call portal.protect('see_as', 'organisation_id = (select portal.organisation())');
create trigger sealed before update on see_as for each row execute function portal.sealed('version', 'ended_at');
create trigger final before update on see_as for each row
  when (old.ended_at is not null) execute function portal.refuse_change('a look that is over');
call portal.open_to_gate('see_as', 'select');
comment on table see_as is 'That somebody looks at the portal as a colleague does: person_id is the one who is seen.';
alter table session add sees uuid references see_as deferrable initially deferred;
comment on column session.sees is 'Whose eyes the session looks through; when that is over, the session lets nobody in.';
"""

SESSIONS = """
alter type portal.identified add attribute emergency uuid, add attribute emergency_until timestamptz,
  add attribute looking uuid, add attribute looking_until timestamptz, add attribute seer uuid,
  add attribute seer_name text, add attribute seer_roles text[];

set local role portal_gate;
create or replace function portal.session_member(token bytea, idle interval) returns setof portal.identified
  language sql security definer set search_path = public, portal as $$
  update session s set seen_at = now() from organisation o where s.token_hash = $1 and o.id = s.organisation_id
    and s.seen_at < now() - interval '1 minute'
    and s.seen_at > now() - least($2, make_interval(mins => o.session_idle_minutes));
  select s.csrf, array['*'], m.*, s.proved_at, array_remove(array[
      case when s.proved_at is null
        and portal.needs_factor(o.second_factor, o.second_factor_roles, own.roles, f.has_factor)
        then case when f.has_factor then 'code' else 'set-up' end end,
      case when exists (select from portal.unaccepted(s.person_id, s.organisation_id, s.created_at)) then 'terms' end
    ], null), f.has_factor, e.id, e.until, v.id, v.until, case when v.id is not null then own.person_id end,
    own.full_name, own.roles
  from session s join portal.member own on own.person_id = s.person_id and own.organisation_id = s.organisation_id
  left join see_as v on v.id = s.sees and v.created_by = s.person_id and v.organisation_id = s.organisation_id
    and v.ended_at is null and v.until > portal.now()
  join portal.member m on m.person_id = coalesce(v.person_id, s.person_id) and m.organisation_id = s.organisation_id
  left join emergency_access e on e.organisation_id = s.organisation_id and e.created_by = s.person_id
    and e.state = 'granted' and e.until > portal.now()
  join organisation o on o.id = s.organisation_id, portal.has_factor(s.person_id) as f (has_factor)
  where s.token_hash = $1 and s.expires_at > now() and (s.sees is null or v.id is not null)
    and s.seen_at > now() - least($2, make_interval(mins => o.session_idle_minutes)) $$;
comment on function portal.session_member is
  'Whose session it is or, while it looks as a colleague, who is seen and by whom; what is still to be done before it lets
anybody in (code, set-up, terms); and whether they hold more roles for an emergency.';

create or replace function portal.api_key_member(hash bytea) returns setof portal.identified
  language sql security definer set search_path = public, portal as $$
  update api_key set used_at = now() where key_hash = $1 and revoked_at is null
    and (expires_at is null or expires_at > now()) and (used_at is null or used_at < now() - interval '1 minute');
  select '', k.scopes, m.person_id, m.organisation_id, m.full_name, m.email, m.language, m.time_zone,
    m.organisation_name, m.organisation_kind, own.roles, m.scope, m.limit_currency, m.limit_gross, m.limit_cumulative,
    null::timestamptz, array[]::text[], false, null::uuid, null::timestamptz, null::uuid, null::timestamptz, null::uuid,
    null::text, null::text[]
  from api_key k join portal.member m on m.person_id = k.person_id and m.organisation_id = k.organisation_id
  join membership own on own.person_id = k.person_id and own.organisation_id = k.organisation_id
  where k.key_hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > now()) $$;
comment on function portal.api_key_member is 'A key for programs holds no roles of an emergency: people act in one.';
reset role;

create function portal.look(token bytea, fresh bytea, csrf text, looking uuid) returns boolean
  language sql security definer set search_path = public, portal as $$
  with renewed as (
    update session s set token_hash = $2, csrf = $3, sees = $4
    where s.token_hash = $1 and s.person_id = portal.person() and s.organisation_id = portal.organisation()
      and s.expires_at > now() and (s.sees is null) <> ($4 is null) returning 1)
  select exists (select from renewed) $$;
comment on function portal.look is
  'The session under a new secret: it looks as a colleague from here on, or does not any more.';
alter function portal.look owner to portal_gate;
set local role portal_gate;
revoke execute on function portal.look from public;
grant execute on function portal.look to portal_app;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, PHONES + EMERGENCY + LOOKING + SESSIONS)
