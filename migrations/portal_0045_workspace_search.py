"""Indexes for searching the log by who, what kind of event and when, in the order of its time."""

from portal.platform.migrations import sql_migration

ID = "2026-11-24T15:00:00"
VERSION = "1.38.0"
DESCRIPTION = "The log is searched in the order of its time"

SEARCH = """
-- Pages of the log go on at a moment, so a period of last year costs what the present one does.
create index audit_entry_owner_at on audit_entry (owner_id, at desc, id desc);
create index audit_entry_shown_at on audit_entry (shown_to, at desc, id desc) where shown_to is not null;
create index audit_entry_actor_at on audit_entry (actor_id, at desc, id desc);
create index audit_entry_event_at on audit_entry (owner_id, event, at desc, id desc);
drop index audit_entry_owner;
drop index audit_entry_shown;
drop index audit_entry_actor;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SEARCH)
