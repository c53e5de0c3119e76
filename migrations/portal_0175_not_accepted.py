"""Invitations that could not be accepted: since when whoever invited is told so."""

from portal.platform.migrations import sql_migration

ID = "2026-12-01T13:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Invitations that could not be accepted"

NOT_ACCEPTED = """
alter table invitation add refused_at timestamptz;
comment on column invitation.refused_at is 'Since then it is known that this address cannot accept; null when sent anew.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, NOT_ACCEPTED)
