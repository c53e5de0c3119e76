"""Who reads everything for a backup, and nothing else."""

from portal.platform.migrations import sql_migration

ID = "2026-11-27T15:00:00"
VERSION = "1.50.0"
DESCRIPTION = "A role that backups read as: every row of every table, no right to change any"

ROLE = """
do $$ begin
  if not exists (select from pg_roles where rolname = 'portal_backup') then create role portal_backup nologin; end if;
end $$;
grant portal_backup to current_user with inherit false, set true;
grant usage on schema public, portal, dramatiq to portal_backup;

create procedure portal.let_backup_read() language plpgsql as $$ declare name regclass; begin
  for name in select c.oid from pg_class c where relkind in ('r', 'p') and not relispartition
      and relnamespace in ('public'::regnamespace, 'portal'::regnamespace, 'dramatiq'::regnamespace)
      and relowner = (select oid from pg_roles where rolname = current_user) loop
    execute format('grant select on %s to portal_backup', name);
    if not exists (select from pg_policy where polrelid = name and polname = 'backup')
        and exists (select from pg_class where oid = name and relrowsecurity) then
      execute format('create policy backup on %s for select to portal_backup using (true)', name);
    end if;
  end loop;
  grant select on all sequences in schema public, dramatiq to portal_backup;
end $$;
comment on procedure portal.let_backup_read is
  'A backup reads every row of every table; each release calls it when its migrations have run.';
call portal.let_backup_read();

-- Which bytes of deleted files are kept, a hold says.
set local role portal_gate;
grant execute on function portal.is_held(uuid[], uuid[], date) to portal_backup;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, ROLE)
