"""What an invoice can come to, what a match may find, and what was taken from whom when a credit note was agreed."""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T04:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Invoices and credit notes: what they can come to, and what they book"

# An invoice of less than nothing is a credit note. One that was sent before can still be rejected.
OWED = """
alter table invoice add constraint invoice_owes check (state = 'rejected' or net >= 0 and tax >= 0 and gross >= 0)
  not valid;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, OWED)
