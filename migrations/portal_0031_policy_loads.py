"""Which access policy held since when: every policy that a process loaded, and what it changed."""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T07:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Loads of the access policy"

LOADS = """
create table policy_load (
  id uuid primary key default uuidv7(), at timestamptz not null default clock_timestamp(),
  digest text not null check (digest ~ '^[0-9a-f]{64}$'), release text not null, rules text[] not null,
  added text[] not null, removed text[] not null);
create index policy_load_at on policy_load (at desc);
alter table policy_load enable row level security;
alter table policy_load force row level security;
call portal.open_to_gate('policy_load', 'select, insert');
create policy anybody on policy_load for select using ((select portal.organisation()) is not null);
grant select on policy_load to portal_app;

create function portal.policy_loaded(digest text, release text, rules text[]) returns boolean
  language plpgsql security definer set search_path = public as $$
declare last policy_load;
begin
  perform pg_advisory_xact_lock(hashtext('policy_load'));
  select * into last from policy_load order by at desc limit 1;
  if last.digest = $1 and last.release = $2 then return false; end if;
  insert into policy_load (digest, release, rules, added, removed) values ($1, $2, $3,
    array(select unnest($3) except select unnest(last.rules) order by 1),
    array(select unnest(last.rules) except select unnest($3) order by 1));
  return true;
end $$;
comment on function portal.policy_loaded is 'Notes the policy that a process loaded, if it is not the newest one known.';
alter function portal.policy_loaded owner to portal_gate;
set local role portal_gate;
revoke execute on function portal.policy_loaded from public;
grant execute on function portal.policy_loaded to portal_app;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, LOADS)
