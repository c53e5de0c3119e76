"""A document keeps what it was made with, so that it can be made once more and any difference has a name."""

from portal.platform.migrations import sql_migration

ID = "2026-11-28T18:00:00"
VERSION = "1.50.0"
DESCRIPTION = "What a document was made with"

KEPT = """
alter table document add made_with jsonb check (jsonb_typeof(made_with) = 'object');
comment on column document.made_with is
  'The digest of what was set and the versions of what set it; null for documents made before that was kept.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, KEPT)
