"""Which store of files is the portal's own: the mark that lies in it is known here."""

from portal.platform.migrations import sql_migration

ID = "2026-12-01T19:00:00"
VERSION = "1.53.0"
DESCRIPTION = "The mark of the portal's store of files"

# A release before says nothing of a mark and asks for none: both work beside each other.
MARK = """
create table file_store (
  one boolean primary key default true check (one), mark uuid not null,
  marked_at timestamptz not null default clock_timestamp());
alter table file_store enable row level security;
alter table file_store force row level security;
call portal.open_to_gate('file_store', 'select, insert');
comment on table file_store is
  'The mark that lies in the portal''s own store of files, so that no process writes to another one; a restored portal '
  'finds its own anew.';

set local role portal_gate;
create function portal.file_store(out mark uuid, out places text[])
  language sql stable security definer set search_path = public as $$
  select (select s.mark from file_store s),
    array(select left(sha256, 2) || '/' || substr(sha256, 3, 2) || '/' || sha256
      from document where state = 'ready' order by id desc limit 5)
    || array(select 'evidence/' || owner_id || '/' || left(sha256, 2) || '/' || substr(sha256, 3, 2) || '/' || sha256
      from evidence_file where state in ('clean', 'unscanned') order by id desc limit 5) $$;
comment on function portal.file_store is
  'The mark of the portal''s own store of files, null before the first use, and where files of the newest rows lie.';

create function portal.mark_file_store(mark uuid) returns uuid
  language sql security definer set search_path = public as $$
  insert into file_store (mark) values ($1) on conflict do nothing;
  select s.mark from file_store s $$;
comment on function portal.mark_file_store is 'Knows the mark if none is known yet; gives the one that holds.';
revoke execute on function portal.file_store(out uuid, out text[]), portal.mark_file_store(uuid) from public;
grant execute on function portal.file_store(out uuid, out text[]), portal.mark_file_store(uuid) to portal_app;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, MARK)
