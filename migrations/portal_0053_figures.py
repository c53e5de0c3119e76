"""The doctor may ask the views that are always empty, for one organisation after the other."""

from portal.platform.migrations import sql_migration

ID = "2026-11-26T11:00:00"
VERSION = "1.44.0"
DESCRIPTION = "Views of figures that disagree may be read by the application, behind its walls"

READ = """
do $$ declare name text; begin
  for name in select c.oid::regclass from pg_class c where c.relkind = 'v' and c.relnamespace = 'portal'::regnamespace
      and obj_description(c.oid, 'pg_class') ilike '%empty%' loop
    execute format('grant select on %s to portal_app', name);
  end loop;
end $$;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, READ)
