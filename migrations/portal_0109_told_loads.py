"""Each load of the access policy is told in the sealed log: one that is taken away, added or dated otherwise is found."""

from portal.platform.migrations import sql_migration

ID = "2026-11-28T19:00:00"
VERSION = "1.51.0"
DESCRIPTION = "Loads of the policy stand in the sealed log"

# The log of the installation is that of the organisation without a number: no member reads it, the check does. Who
# notes a load says all of it, since the entry beside it is over all of it. A process of the release before, which asks
# as it always did while it ends, notes none.
TOLD = """
set local role portal_gate;
create or replace function portal.policy_loaded(digest text, release text, rules text[], mark bytea) returns boolean
  language sql stable security definer set search_path = public as 'select false';
comment on function portal.policy_loaded is 'Notes nothing: for processes of releases that tell the log of no load.';
create function portal.last_policy(out now timestamptz, out digest text, out release text, out rules text[])
  language sql security definer set search_path = public as $$
  select pg_advisory_xact_lock(hashtext('policy_load'));
  select clock_timestamp(), l.digest, l.release, l.rules
  from (select) as here left join lateral (select * from policy_load order by at desc limit 1) l on true $$;
comment on function portal.last_policy is 'The newest policy known; whoever asks notes the next one alone until they commit.';

create function portal.note_policy(id uuid, at timestamptz, digest text, release text, rules text[], added text[],
  removed text[], mark bytea) returns void language plpgsql security definer set search_path = public as $$
begin
  if mark is null then
    raise 'A policy is noted by a process of the portal, with its mark.' using errcode = 'check_violation';
  end if;
  insert into policy_load (id, at, digest, release, rules, added, removed, mark) values ($1, $2, $3, $4, $5, $6, $7, $8);
end $$;
comment on function portal.note_policy is 'Notes the policy that a process loaded; the same transaction tells the log.';

create function portal.loads_told()
  returns table (entry_id uuid, "position" bigint, leaf bytea, mark bytea, loads json)
  language sql stable security definer set search_path = public as $$
  select e.id, s.position, e.leaf, e.mark, e.body -> 'data' -> 'loads'
  from audit_entry e left join audit_seal s on s.entry_id = e.id
  where e.owner_id = '00000000-0000-0000-0000-000000000000'
    and e.event in ('access-policy.loaded', 'access-policy.found') $$;
comment on function portal.loads_told is 'What the log says of the loads of the policy, which is the same for everybody.';

revoke execute on function portal.last_policy, portal.note_policy, portal.loads_told from public;
grant execute on function portal.last_policy, portal.note_policy, portal.loads_told to portal_app;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, TOLD)
