"""Legal holds reach what they name: attached files, and people who did something on what is held."""

from portal.platform.migrations import sql_migration

ID = "2026-11-27T22:00:00"
VERSION = "1.50.0"
DESCRIPTION = "Holds keep attached files and the names of those who acted"

# A file belongs to its record and to both companies of it, whoever attached it.
FILES = """
create function portal.refuse_held_file() returns trigger language plpgsql as $$
begin
  if portal.is_held(array[old.id, old.record_id], array[old.owner_id, old.buyer_id, old.supplier_id],
      old.created_at::date) then
    raise exception 'a legal hold keeps this' using errcode = 'check_violation', constraint = 'legal_hold';
  end if;
  return new;
end $$;
create trigger held before update of state on evidence_file for each row
  when (new.state = 'deleted' and old.state in ('clean', 'unscanned')) execute function portal.refuse_held_file();
"""

# What a person did is told by the log: on a held thing, for or with a held party, within a held period.
PEOPLE = """
create function portal.is_person_held(person uuid) returns boolean
  language sql stable security definer set search_path = public as $$
  select exists (select from legal_hold h where h.state = 'placed' and (h.object_id = $1 or exists (
    select from audit_entry e where e.actor_id = $1 and h.organisation_id in (e.owner_id, e.shown_to)
      and (h.object_id is null or h.object_id in (e.subject_id, e.root_id))
      and (h.party_id is null or h.party_id in (e.owner_id, e.shown_to, e.organisation_id))
      and e.at::date between coalesce(h.from_day, '-infinity') and coalesce(h.until_day, 'infinity')))) $$;
comment on function portal.is_person_held is 'Whether a legal hold keeps the name of somebody in what they did.';
alter function portal.is_person_held owner to portal_gate;
set local role portal_gate;
revoke execute on function portal.is_person_held from public;
create or replace function portal.erase_person(person uuid, reason text) returns text
  language plpgsql security definer set search_path = public, portal as $$
begin
  if portal.person() is not null or not exists (
      select from membership m where m.person_id = $1 and m.organisation_id = portal.organisation()) then
    return 'unknown';
  elsif exists (select from membership m where m.person_id = $1 and m.active) then
    return 'member';
  elsif portal.is_person_held($1) then
    return 'held';
  end if;
  perform portal.forget_person($1);
  insert into person_erasure (person_id, organisation_id, reason) values ($1, portal.organisation(), $2)
    on conflict do nothing;
  return 'erased';
end $$;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, FILES + PEOPLE)
