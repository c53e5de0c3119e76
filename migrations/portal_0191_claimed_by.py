"""A debit note tells both sides as they were when it was claimed, whatever they are called later."""

from portal.platform.migrations import sql_migration

ID = "2026-12-02T05:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Debit notes: both sides as they were at acceptance"

# What else its document says stands in the debit note itself, which is sealed. Those that the release before accepted
# have none, and are told as their order was issued.
PARTIES = """
create table debit_note_parties (
  debit_note_id uuid primary key references debit_note, buyer_id uuid not null, shown_to uuid not null,
  accepted_at timestamptz not null, buyer jsonb not null, supplier jsonb not null);
call portal.protect('debit_note_parties', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
create policy scope on debit_note_parties as restrictive for select to portal_scoped using (
  exists (select from debit_note head where head.id = debit_note_id));
revoke update on debit_note_parties from portal_app;
comment on table debit_note_parties is 'Buyer and supplier as they were when a debit note was accepted.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, PARTIES)
