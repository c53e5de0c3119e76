"""Entries carry the mark of the process that wrote them: the sealer takes no others, and the check names them."""

from portal.platform.migrations import sql_migration

ID = "2026-11-27T23:00:00"
VERSION = "1.50.0"
DESCRIPTION = "A writer's mark on each entry of the log"

# Entries of before have none. Seals of marked entries are keyed over the mark, too, so that it cannot be taken away.
MARKED = """
alter table audit_entry add column mark bytea check (length(mark) = 16);
comment on column audit_entry.mark is 'Keyed hash of the leaf by the process that wrote it: nobody else can.';

set local role portal_gate;
drop function portal.last_checkpoint();
create function portal.last_checkpoint(out origin text, out size bigint, out root bytea, out peaks bytea,
  out now timestamptz, out public_key bytea, out entry_id uuid, out leaf bytea, out mark bytea, out seal bytea)
  language sql security definer set search_path = public as $$
  select pg_advisory_xact_lock(hashtext('portal.sealer'));
  select o.origin, coalesce(c.size, 0), c.root, coalesce(c.peaks, ''), clock_timestamp(), c.public_key,
    s.entry_id, s.leaf, e.mark, s.mark
  from audit_origin o left join lateral (select * from audit_checkpoint order by size desc limit 1) c on true
  left join audit_seal s on s.position = c.size - 1 left join audit_entry e on e.id = s.entry_id $$;
comment on function portal.last_checkpoint is
  'Where the log ends, and its last entry; whoever asks is the only sealer until they commit.';
drop function portal.unsealed(int);
create function portal.unsealed(most int) returns table (entry_id uuid, leaf bytea, mark bytea)
  language sql stable security definer set search_path = public as $$
  select u.entry_id, e.leaf, e.mark from audit_unsealed u join audit_entry e on e.id = u.entry_id
  order by u.entry_id limit $1 $$;
comment on function portal.unsealed is 'Entries that wait for their seal: ids, leaves and marks, which tell nothing.';
revoke execute on function portal.last_checkpoint, portal.unsealed from public;
grant execute on function portal.last_checkpoint, portal.unsealed to portal_app;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, MARKED)
