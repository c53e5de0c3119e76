"""A newer key of the ring vouches for the one before it: no other key of the past is believed."""

from portal.platform.migrations import sql_migration

ID = "2026-11-29T07:00:00"
VERSION = "1.51.0"
DESCRIPTION = "Signing keys of the log are handed over"

# A note says the size and root that the older key signed last, names that key, and is signed by the newer one: whoever
# owns the database alone can write none.
HANDOVERS = """
create table audit_handover (
  public_key bytea not null check (length(public_key) = 32), size bigint not null check (size > 0), note text not null,
  primary key (public_key, size));
comment on table audit_handover is 'Keys that signed the log before, each vouched for by the key that came after it.';
alter table audit_handover enable row level security;
alter table audit_handover force row level security;
call portal.open_to_gate('audit_handover', 'select, insert');
create trigger never_rewritten before update or delete on audit_handover
  for each row execute function portal.refuse_rewriting();
create trigger never_truncated before truncate on audit_handover execute function portal.refuse_rewriting();

set local role portal_gate;
drop function portal.last_checkpoint();
create function portal.last_checkpoint(out origin text, out size bigint, out root bytea, out peaks bytea,
  out now timestamptz, out public_key bytea, out note text, out handover text,
  out entry_id uuid, out leaf bytea, out mark bytea, out seal bytea)
  language sql security definer set search_path = public as $$
  select pg_advisory_xact_lock(hashtext('portal.sealer'));
  select o.origin, coalesce(c.size, 0), c.root, coalesce(c.peaks, ''), clock_timestamp(), c.public_key, c.note, h.note,
    s.entry_id, s.leaf, e.mark, s.mark
  from audit_origin o left join lateral (select * from audit_checkpoint order by size desc limit 1) c on true
  left join audit_handover h on h.public_key = c.public_key and h.size = c.size
  left join audit_seal s on s.position = c.size - 1 left join audit_entry e on e.id = s.entry_id $$;
comment on function portal.last_checkpoint is
  'Where the log ends, who vouches for it, and its last entry; whoever asks is the only sealer until they commit.';

create function portal.hand_over(public_key bytea, size bigint, note text) returns void
  language sql security definer set search_path = public as $$
  insert into audit_handover values ($1, $2, $3) on conflict do nothing $$;
comment on function portal.hand_over is 'A newer key vouches for the one that signed the log up to here.';
revoke execute on function portal.last_checkpoint, portal.hand_over from public;
grant execute on function portal.last_checkpoint, portal.hand_over to portal_app;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, HANDOVERS)
