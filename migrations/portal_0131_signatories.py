"""A side names who signs a place, and who opened a signing sets the last day for it."""

from portal.platform.migrations import sql_migration

ID = "2026-11-29T17:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Named signatories and a day until which to sign"

COLUMNS = """
alter table signing add column sign_until date, add column reminded_of date, add column lapsed_of date;
alter table signatory add column meant_for uuid;
create index signing_last_day on signing (buyer_id, sign_until) where state = 'open' and sign_until is not null;
create unique index signatory_meant_once on signatory (signing_id, meant_for) where meant_for is not null;
"""
WAYS = """
create or replace trigger sealed before update on signing for each row execute function portal.sealed(
  'version', 'state', 'signed', 'sha256', 'size', 'ended_by', 'ended_at', 'reason',
  'sign_until', 'reminded_of', 'lapsed_of');
create trigger last_day before update of sign_until, reminded_of, lapsed_of on signing for each row
  when (portal.organisation() is distinct from old.buyer_id
    and (old.sign_until, old.reminded_of, old.lapsed_of)
      is distinct from (new.sign_until, new.reminded_of, new.lapsed_of))
  execute function portal.refuse('who opened a signing sets its last day');
create or replace trigger sealed before update on signatory for each row execute function portal.sealed(
  'version', 'signed_by', 'name', 'address', 'statement', 'signed_at', 'document_sha256', 'sha256', 'size',
  'meant_for');
create or replace trigger begins before insert on signatory for each row
  when (new.signed_by is not null or new.buyer_id is distinct from portal.organisation()
    or (new.meant_for is not null and new.organisation_id <> new.buyer_id))
  execute function portal.refuse('a buyer opens its own signing');
create or replace trigger own before update on signatory for each row
  when (new.organisation_id is distinct from portal.organisation()
    or (new.signed_by is not null and new.signed_by is distinct from portal.person()))
  execute function portal.refuse('everybody signs for themselves');
create trigger meant before update on signatory for each row
  when (new.signed_by is not null and old.meant_for is not null and old.meant_for <> new.signed_by)
  execute function portal.refuse('this place is kept for somebody else');

create function portal.signed_in_time() returns trigger language plpgsql as $$
begin
  if exists (select from signing s join organisation o on o.id = s.buyer_id
      where s.id = new.signing_id and s.sign_until < (portal.now() at time zone o.time_zone)::date) then
    raise exception 'the last day to sign is over' using errcode = 'check_violation';
  end if;
  return new;
end $$;
comment on function portal.signed_in_time is 'Nobody signs after the last day that was set.';
create trigger in_time before update of signed_by on signatory for each row
  when (old.signed_by is null and new.signed_by is not null) execute function portal.signed_in_time();
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, COLUMNS + WAYS)
