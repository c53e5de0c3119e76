"""All that the key ring seals can be sealed anew: for an operator who replaces a key."""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T06:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Sealing secrets anew under another key of the ring"

# The owner of the schema alone may call them: what they give is sealed, and tells nothing without the ring.
RESEALING = """
grant update on person_key, totp to portal_gate;
call portal.open_to_gate('identity_provider_secret', 'select, update');

create function portal.sealed_secrets() returns table (kind text, id uuid, sealed bytea)
  language sql stable security definer set search_path = public as $$
  select 'person-key', person_id, wrapped from person_key union all
  select 'totp', person_id, sealed from totp union all
  select 'oidc', provider_id, sealed from identity_provider_secret $$;
comment on function portal.sealed_secrets is 'Whatever was sealed with the key ring, of whatever organisation.';

create function portal.reseal(kinds text[], ids uuid[], present bytea[], anew bytea[]) returns bigint
  language sql security definer set search_path = public as $$
  with s as (select * from unnest($1, $2, $3, $4) as s (kind, id, present, anew)),
    people as (update person_key k set wrapped = s.anew from s
      where s.kind = 'person-key' and k.person_id = s.id and k.wrapped = s.present returning 1),
    apps as (update totp t set sealed = s.anew from s
      where s.kind = 'totp' and t.person_id = s.id and t.sealed = s.present returning 1),
    providers as (update identity_provider_secret p set sealed = s.anew from s
      where s.kind = 'oidc' and p.provider_id = s.id and p.sealed = s.present returning 1)
  select (select count(*) from people) + (select count(*) from apps) + (select count(*) from providers) $$;
comment on function portal.reseal is 'Each secret as it is sealed now gives way to the same sealed anew, unless it changed meanwhile.';

do $$ declare gated regprocedure; begin
  foreach gated in array array['portal.sealed_secrets()', 'portal.reseal(text[],uuid[],bytea[],bytea[])']::regprocedure[]
  loop
    execute format('revoke execute on function %s from public', gated);
    execute format('alter function %s owner to portal_gate', gated);
  end loop;
end $$;
set local role portal_gate;
revoke execute on function portal.sealed_secrets(), portal.reseal(text[], uuid[], bytea[], bytea[]) from public;
grant execute on function portal.sealed_secrets(), portal.reseal(text[], uuid[], bytea[], bytea[]) to session_user;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, RESEALING)
