"""A letterhead has the picture of its organisation's seal, which stands beside each signature for the organisation."""

from portal.platform.migrations import sql_migration

ID = "2026-11-29T19:00:00"
VERSION = "1.54.0"
DESCRIPTION = "Seals of companies beside their signatures"

SEALS = """
alter table letterhead add column seal text,
  add foreign key (organisation_id, seal) references letterhead_picture deferrable initially deferred;
create index letterhead_seal on letterhead (organisation_id, seal);
comment on table letterhead_picture is 'Logos and seals as PNG, drawn anew, under their SHA-256.';
comment on column letterhead.seal is 'The picture beside signatures for the organisation; partners read it there alone.';

alter table signatory add column seal text not null default '' check (seal ~ '^([0-9a-f]{64})?$'),
  add constraint sealed_with check (seal = '' or (signed_by is not null and fingerprint = ''));
create or replace trigger sealed before update on signatory for each row execute function portal.sealed(
  'version', 'signed_by', 'name', 'address', 'statement', 'signed_at', 'document_sha256', 'sha256', 'size',
  'meant_for', 'certificate', 'issuer', 'fingerprint', 'seal');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SEALS)
