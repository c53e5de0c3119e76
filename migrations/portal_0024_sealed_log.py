"""The sealed log: entries wait for the sealer from the moment they are committed, and stand in a Merkle tree after."""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T00:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Sealed log: what waits, seals, nodes of the tree, checkpoints"

TABLES = """
-- Every entry waits here from its own transaction on, so whatever is committed is found, in whichever order it was.
create table audit_unsealed (entry_id uuid primary key, since timestamptz not null default clock_timestamp());
alter table audit_entry no force row level security;
insert into audit_unsealed (entry_id) select id from audit_entry;
alter table audit_entry force row level security;

create table audit_seal (
  position bigint primary key check (position >= 0), entry_id uuid not null unique,
  leaf bytea not null check (length(leaf) = 32), mark bytea not null check (length(mark) = 16),
  owner_id uuid not null, shown_to uuid);
comment on column audit_seal.mark is 'Keyed hash of position, entry and leaf: names the row that somebody changed.';

-- Roots of complete subtrees of 2^8, 2^16, … leaves, so that a proof reads hundreds of hashes and not millions.
create table audit_node (
  level int not null check (level > 0 and level % 8 = 0), place bigint not null check (place >= 0),
  hash bytea not null check (length(hash) = 32), primary key (level, place));

create table audit_checkpoint (
  size bigint primary key check (size > 0), root bytea not null check (length(root) = 32), at timestamptz not null,
  peaks bytea not null check (length(peaks) % 32 = 0), public_key bytea not null check (length(public_key) = 32),
  note text not null);

create table audit_origin (origin text primary key);
create unique index audit_origin_one on audit_origin ((true));
insert into audit_origin values ('procurement-portal/' || gen_random_uuid());
"""

WALLS = """
do $$ declare guarded text; begin
  foreach guarded in array array['audit_unsealed', 'audit_seal', 'audit_node', 'audit_checkpoint', 'audit_origin'] loop
    execute format('alter table %s enable row level security', guarded);
    execute format('alter table %s force row level security', guarded);
    call portal.open_to_gate(guarded::regclass, case guarded when 'audit_unsealed' then 'select, insert, delete'
      when 'audit_origin' then 'select' else 'select, insert' end);
    continue when guarded = 'audit_unsealed';
    execute format('create trigger never_rewritten before update or delete on %s
      for each row execute function portal.refuse_rewriting()', guarded);
    execute format('create trigger never_truncated before truncate on %s
      execute function portal.refuse_rewriting()', guarded);
  end loop;
end $$;
create policy readers on audit_seal for select using ((select portal.organisation()) = any (array[owner_id, shown_to]));
create policy anybody on audit_checkpoint for select using ((select portal.organisation()) is not null);
create policy anybody on audit_origin for select using ((select portal.organisation()) is not null);
grant select on audit_seal, audit_checkpoint, audit_origin to portal_app;
call portal.open_to_gate('audit_entry', 'select');
call portal.open_to_gate('audit_private', 'select');
"""

SEALER = """
create function portal.await_seal() returns trigger
  language plpgsql security definer set search_path = public as $$
begin
  insert into audit_unsealed (entry_id) values (new.id);
  return null;
end $$;
create trigger await_seal after insert on audit_entry for each row execute function portal.await_seal();

create function portal.last_checkpoint(out origin text, out size bigint, out root bytea, out peaks bytea, out now timestamptz)
  language sql security definer set search_path = public as $$
  select pg_advisory_xact_lock(hashtext('portal.sealer'));
  select o.origin, coalesce(c.size, 0), c.root, coalesce(c.peaks, ''), clock_timestamp()
  from audit_origin o left join lateral (select * from audit_checkpoint order by size desc limit 1) c on true $$;
comment on function portal.last_checkpoint is 'Where the log ends; whoever asks is the only sealer until they commit.';

create function portal.unsealed(most int) returns table (entry_id uuid, leaf bytea)
  language sql stable security definer set search_path = public as $$
  select u.entry_id, e.leaf from audit_unsealed u join audit_entry e on e.id = u.entry_id order by u.entry_id limit $1 $$;
comment on function portal.unsealed is 'Entries that wait for their seal: ids and leaves, which tell nothing.';

create function portal.seal(first bigint, entries uuid[], marks bytea[], levels int[], places bigint[], hashes bytea[],
  root bytea, at timestamptz, peaks bytea, public_key bytea, note text) returns void
  language plpgsql security definer set search_path = public as $$
declare sealed bigint;
begin
  perform pg_advisory_xact_lock(hashtext('portal.sealer'));
  if first <> (select coalesce(max(position) + 1, 0) from audit_seal) then
    raise exception 'the log does not end at %', first using errcode = 'serialization_failure';
  end if;
  insert into audit_seal (position, entry_id, leaf, mark, owner_id, shown_to)
    select first + g.n - 1, e.id, e.leaf, g.mark, e.owner_id, e.shown_to
    from unnest(entries, marks) with ordinality as g (id, mark, n) join audit_entry e on e.id = g.id;
  get diagnostics sealed = row_count;
  if sealed <> cardinality(entries) then
    raise exception 'an entry that waited is gone' using errcode = 'serialization_failure';
  end if;
  delete from audit_unsealed where entry_id = any (entries);
  insert into audit_node (level, place, hash) select * from unnest(levels, places, hashes);
  insert into audit_checkpoint values (first + sealed, root, at, peaks, public_key, note);
end $$;
comment on function portal.seal is 'Appends entries that wait to the log, with the checkpoint that signs them.';

create function portal.audit_hashes(levels int[], firsts bigint[], lasts bigint[])
  returns table (level int, place bigint, hash bytea)
  language sql stable security definer set search_path = public as $$
  with wanted as (select * from unnest($1, $2, $3) as w (level, first, last))
  select 0, s.position, s.leaf from wanted w join audit_seal s on w.level = 0 and s.position between w.first and w.last
  union all
  select n.level, n.place, n.hash from wanted w join audit_node n on n.level = w.level and n.place between w.first and w.last $$;
comment on function portal.audit_hashes is 'Hashes of the tree, of nobody in particular: what a proof is made of.';

do $$ declare gated regprocedure; begin
  foreach gated in array array['portal.await_seal()', 'portal.last_checkpoint()', 'portal.unsealed(int)',
      'portal.seal(bigint,uuid[],bytea[],int[],bigint[],bytea[],bytea,timestamptz,bytea,bytea,text)',
      'portal.audit_hashes(int[],bigint[],bigint[])']::regprocedure[] loop
    execute format('revoke execute on function %s from public', gated);
    execute format('grant execute on function %s to portal_app', gated);
    execute format('alter function %s owner to portal_gate', gated);
  end loop;
end $$;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, TABLES + WALLS + SEALER)
