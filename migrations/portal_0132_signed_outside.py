"""A place may be signed outside the portal, with the signer's own certificate, which is told of beside it."""

from portal.platform.migrations import sql_migration

ID = "2026-11-29T18:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Documents signed outside come back"

OWN = """
alter table signatory add column certificate text not null default '', add column issuer text not null default '',
  add column fingerprint text not null default '' check (fingerprint ~ '^([0-9a-f]{64})?$'),
  add constraint own_certificate check ((fingerprint = '') = (certificate = '')
    and (fingerprint = '' or signed_by is not null));
create or replace trigger sealed before update on signatory for each row execute function portal.sealed(
  'version', 'signed_by', 'name', 'address', 'statement', 'signed_at', 'document_sha256', 'sha256', 'size',
  'meant_for', 'certificate', 'issuer', 'fingerprint');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, OWN)
