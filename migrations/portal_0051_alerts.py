"""Alerts: what somebody has to look at, who looks after it, and what came of it."""

from portal.platform.migrations import sql_migration

ID = "2026-11-25T17:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Alerts on mass export, sign-in, policy, bank accounts"

ALERTS = """
create table alert (
  id uuid primary key, organisation_id uuid not null references organisation, version int not null default 1,
  kind text not null check (kind <> ''), subject_key text not null, about text not null default '',
  concerns uuid references person, created_by uuid, record_kind text not null default '', record_id uuid,
  state text not null check (state in ('open', 'resolved')), raised_at timestamptz not null,
  looked_after_by uuid, resolved_by uuid, resolved_at timestamptz, reason text not null default '',
  constraint resolved_when check ((state = 'resolved') = (resolved_at is not null)),
  constraint resolved_how check (state = 'open' or reason <> ''),
  constraint second_person check (resolved_by is null or resolved_by is distinct from concerns));
create unique index alert_open on alert (organisation_id, kind, subject_key) where state = 'open';
create index alert_list on alert (organisation_id, raised_at desc, id desc);
create index alert_state on alert (organisation_id, state, raised_at desc, id desc);
call portal.protect('alert', 'organisation_id = (select portal.organisation())');
create trigger legal_state before update of state on alert for each row
  execute function portal.legal_state('open>resolved');
create trigger sealed before update on alert for each row execute function portal.sealed(
  'version', 'state', 'looked_after_by', 'resolved_by', 'resolved_at', 'reason');
create trigger final before update on alert for each row when (old.state = 'resolved')
  execute function portal.refuse_change('a resolved alert');
create trigger begins before insert on alert for each row when (new.state <> 'open')
  execute function portal.refuse('an alert begins open');
comment on table alert is 'Something that an administrator looks at and resolves, in words; nobody resolves what is about themselves.';
comment on column alert.subject_key is 'Of one kind and key one alert is open at a time.';
"""

# Attempts are of accounts, which belong to nobody: only how many different ones an address tried is told.
ATTEMPTS = """
set local role portal_gate;
create function portal.accounts_tried(origin text) returns bigint
  language sql stable security definer set search_path = public as $$
  select count(distinct account) from sign_in_attempt
  where address = $1 and outcome = 'failed' and at > now() - interval '15 minutes' $$;
comment on function portal.accounts_tried is 'How many accounts an address failed to open within 15 minutes, whosever they are.';
revoke execute on function portal.accounts_tried from public;
grant execute on function portal.accounts_tried to portal_app;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, ALERTS + ATTEMPTS)
