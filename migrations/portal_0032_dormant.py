"""Accounts that nobody uses are suspended: after how many days says the company."""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T08:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Days until an idle membership is suspended"

DORMANT = """
alter table organisation add dormant_days int default 90 check (dormant_days between 7 and 730);
comment on column organisation.dormant_days is 'A membership is suspended that nobody used for so long; null: never.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, DORMANT)
