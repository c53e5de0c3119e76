"""Where the newest files lie, for the doctor; and which files no document names, before their bytes are destroyed."""

from portal.platform.migrations import sql_migration

ID = "2026-12-02T10:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Newest files, and files that nothing names"

FILES = """
set local role portal_gate;
create function portal.newest_files(most int) returns table (place text, name text)
  language sql stable security definer set search_path = public as $$
  (select left(sha256, 2) || '/' || substr(sha256, 3, 2) || '/' || sha256, kind || ' ' || number
    from document where state = 'ready' order by id desc limit $1) union all
  (select 'evidence/' || owner_id || '/' || left(sha256, 2) || '/' || substr(sha256, 3, 2) || '/' || sha256,
      'file of ' || kind || ' ' || record_number
    from evidence_file where state in ('clean', 'unscanned') order by id desc limit $1) $$;
comment on function portal.newest_files is 'Where the newest files lie in the store, and whose they are: no names of people.';

create function portal.unnamed_files(digests text[]) returns setof text
  language sql stable security definer set search_path = public as $$
  select d from unnest($1) d where not exists (select from document f where f.sha256 = d) $$;
comment on function portal.unnamed_files is 'Those digests that no document of anybody has: their bytes may be destroyed.';
revoke execute on function portal.newest_files(int), portal.unnamed_files(text[]) from public;
grant execute on function portal.newest_files(int), portal.unnamed_files(text[]) to portal_app;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, FILES)
