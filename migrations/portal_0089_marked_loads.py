"""Policies that were loaded carry the mark of the process that loaded them: one that was only written is known."""

from portal.platform.migrations import sql_migration

ID = "2026-11-27T23:58:00"
VERSION = "1.50.0"
DESCRIPTION = "A writer's mark on each load of the access policy"

# Loads of before have none, and none comes without one from here on.
MARKED = """
alter table policy_load add column mark bytea check (length(mark) = 16);
comment on column policy_load.mark is 'Keyed hash of the load by the process that loaded it: nobody else can.';
set local role portal_gate;
drop function portal.policy_loaded(text, text, text[]);
create function portal.policy_loaded(digest text, release text, rules text[], mark bytea) returns boolean
  language plpgsql security definer set search_path = public as $$
declare last policy_load;
begin
  if mark is null then
    raise 'A policy is noted by a process of the portal, with its mark.' using errcode = 'check_violation';
  end if;
  perform pg_advisory_xact_lock(hashtext('policy_load'));
  select * into last from policy_load order by at desc limit 1;
  if last.digest = $1 and last.release = $2 then return false; end if;
  insert into policy_load (digest, release, rules, added, removed, mark) values ($1, $2, $3,
    array(select unnest($3) except select unnest(last.rules) order by 1),
    array(select unnest(last.rules) except select unnest($3) order by 1), $4);
  return true;
end $$;
comment on function portal.policy_loaded is 'Notes the policy that a process loaded, if it is not the newest one known.';
revoke execute on function portal.policy_loaded from public;
grant execute on function portal.policy_loaded to portal_app;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, MARKED)
