"""What a supplier promised first is staged with imported lines: history is then judged on that basis too."""

from portal.platform.migrations import sql_migration

ID = "2026-11-26T16:00:00"
VERSION = "1.44.0"
DESCRIPTION = "Imported order lines say for which day they were promised first"

STAGED = "alter table import_order_line add first_promised_date date"


async def forwards():
    return sql_migration(ID, DESCRIPTION, STAGED)
