"""Who reads in part executes what reads, and nothing that acts: gates that change something are not theirs."""

from portal.platform.migrations import sql_migration

ID = "2026-11-27T23:40:00"
VERSION = "1.50.0"
DESCRIPTION = "Readers of a part execute no function that may change something"

READS = """
create or replace procedure portal.let_scoped_read() language plpgsql as $$ declare name text; begin
  for name in select c.oid::regclass from pg_class c where relnamespace in ('public'::regnamespace, 'portal'::regnamespace)
      and relkind in ('r', 'p', 'v') and has_table_privilege('portal_app', c.oid, 'select') loop
    execute format('grant select on %s to portal_scoped', name);
  end loop;
  set local role portal_gate;
  for name in select p.oid::regprocedure from pg_proc p where pronamespace = 'portal'::regnamespace and prosecdef
      and provolatile <> 'v' and has_function_privilege('portal_app', p.oid, 'execute') loop
    execute format('grant execute on function %s to portal_scoped', name);
  end loop;
  for name in select p.oid::regprocedure from pg_proc p where pronamespace = 'portal'::regnamespace and prosecdef
      and provolatile = 'v' and has_function_privilege('portal_scoped', p.oid, 'execute') loop
    execute format('revoke execute on function %s from portal_scoped', name);
  end loop;
  reset role;
end $$;
comment on procedure portal.let_scoped_read is
  'Who reads in part may read whatever the application may; each release calls it when its migrations have run.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, READS)
