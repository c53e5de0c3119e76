"""When the key ring is turned, the loads of the access policy that a key of it marked are marked by the newest."""

from portal.platform.migrations import sql_migration

ID = "2026-11-29T21:00:00"
VERSION = "1.51.0"
DESCRIPTION = "Loads of the policy outlive the key that marked them"

# A load without a mark counts as nobody's from here on, so that taking marks away makes nothing genuine.
REMARKED = """
grant update (mark) on policy_load to portal_gate;
set local role portal_gate;
create function portal.policy_loads() returns setof policy_load
  language sql stable security definer set search_path = public as $$ select * from policy_load $$;
comment on function portal.policy_loads is 'Every load of the policy with its mark, for whoever turns the key ring.';
create function portal.remark(ids uuid[], present bytea[], anew bytea[]) returns bigint
  language sql security definer set search_path = public as $$
  with done as (update policy_load l set mark = g.anew from unnest($1, $2, $3) as g (id, present, anew)
    where l.id = g.id and l.mark = g.present returning 1)
  select count(*) from done $$;
comment on function portal.remark is 'New marks in the place of those that are there still: the ring was turned.';
revoke execute on function portal.policy_loads, portal.remark from public;
grant execute on function portal.policy_loads, portal.remark to portal_owner;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, REMARKED)
