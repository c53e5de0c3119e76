"""Keys for programs that read and change nothing."""

from portal.platform.migrations import sql_migration

ID = "2026-11-30T13:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Keys that only read"

READING = """
alter table api_key add reads_only boolean not null default false;
comment on column api_key.reads_only is 'Whoever holds the key asks, and changes nothing.';

set local role portal_gate;
create or replace function portal.api_key_member(hash bytea) returns setof portal.identified
  language sql security definer set search_path = public, portal as $$
  update api_key set used_at = now() where key_hash = $1 and revoked_at is null
    and (expires_at is null or expires_at > now()) and (used_at is null or used_at < now() - interval '1 minute');
  select '', case when k.reads_only then k.scopes || text 'reads-only' else k.scopes end, m.person_id,
    m.organisation_id, m.full_name, m.email, m.language, m.time_zone,
    m.organisation_name, m.organisation_kind, own.roles, m.scope, m.limit_currency, m.limit_gross, m.limit_cumulative,
    null::timestamptz, array[]::text[], false, null::uuid, null::timestamptz, null::uuid, null::timestamptz, null::uuid,
    null::text, null::text[]
  from api_key k join portal.member m on m.person_id = k.person_id and m.organisation_id = k.organisation_id
  join membership own on own.person_id = k.person_id and own.organisation_id = k.organisation_id
  where k.key_hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > now()) $$;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, READING)
