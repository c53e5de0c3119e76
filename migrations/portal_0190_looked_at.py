"""What the rules of 0171 and 0172 found there already is looked at, while everybody goes on."""

from portal.platform.migrations import sql_migration

ID = "2026-12-02T04:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Advances, roundings and findings: the rows that were there before"

# A transaction of its own: the lock that lets read and write is enough now, and a million rows take a second or two.
LOOKED_AT = """
alter table invoice validate constraint invoice_prepaid, validate constraint invoice_rounding,
  validate constraint invoice_due;
alter table match_exception validate constraint match_exception_kind_check;
alter table credit_note validate constraint credit_note_rounding, validate constraint credit_note_due,
  validate constraint set_off_within;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, LOOKED_AT)
