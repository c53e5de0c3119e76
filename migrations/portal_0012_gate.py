"""Narrower gates: who may open a session, set a password, read a person's key or learn somebody's name."""

from portal.platform.migrations import sql_migration

ID = "2026-11-21T12:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Narrower gates for sessions, passwords, names and people's keys"

SESSIONS = """
-- Owners of functions replace them; the owner of the schema only lends its hand.
set local role portal_gate;
drop function portal.open_session(bytea, uuid, uuid, text, text, text, interval);
create function portal.open_session(token bytea, person uuid, organisation uuid, csrf text, agent text, address text,
  lifetime interval) returns boolean language sql security definer set search_path = public as $$
  delete from session where expires_at < now();
  delete from sign_in_failure f using person p where p.id = $2 and f.account = sha256(convert_to(p.email, 'UTF8'));
  with opened as (
    insert into session (token_hash, person_id, organisation_id, csrf, user_agent, address, expires_at)
    select $1, $2, $3, $4, $5, $6, now() + $7
    where exists (select from membership m where m.person_id = $2 and m.organisation_id = $3 and m.active) returning 1)
  select exists (select from opened) $$;
comment on function portal.open_session is 'Whether there is a session now: only a member of the organisation gets one.';
revoke execute on function portal.open_session from public;
grant execute on function portal.open_session to portal_app;
reset role;
"""

KEYS = """
-- An answer is kept with its headers. Those kept so far had their content type before the body, on a line of its own.
alter table idempotency_key add column headers jsonb not null default '[]';
alter table idempotency_key no force row level security;
update idempotency_key set
  headers = jsonb_build_array(jsonb_build_array('content-type',
    convert_from(substring(body from 1 for position('\\x0a'::bytea in body) - 1), 'UTF8'))),
  body = substring(body from position('\\x0a'::bytea in body) + 1)
where body is not null and position('\\x0a'::bytea in body) > 0;
alter table idempotency_key force row level security;
"""

SIDES = """
-- What only its owner may read of a change stands on that owner's side, and a change may have rows of several owners.
alter table audit_private drop constraint audit_private_pkey, add primary key (entry_id, owner_id);
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SESSIONS + KEYS + SIDES)
