"""Who checks a file sees whether an earlier key of this portal signed it: handovers are as public as checkpoints."""

from portal.platform.migrations import sql_migration

ID = "2026-11-30T05:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Handovers of the log's keys are read"

READ = """
create policy anybody on audit_handover for select using ((select portal.organisation()) is not null);
grant select on audit_handover to portal_app;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, READ)
