"""Invitations that nobody accepted hold a name and an address: they are forgotten when asked, and by themselves later."""

from portal.platform.migrations import sql_migration

ID = "2026-11-27T23:50:00"
VERSION = "1.50.0"
DESCRIPTION = "Invitations that were never accepted are erased"

FORGET = """
set local role portal_gate;
create or replace function portal.forget_invitations(person uuid) returns boolean
  language sql set search_path = public as $$
  with own as (
    select i.id from invitation i where i.accepted_by = $1 or i.email = (select p.email from person p where p.id = $1)
      or i.id = $1 and i.accepted_by is null),
  named as (
    update engagement set email = 'erased-' || id || '@erased.invalid', version = version + 1
    where (auditor_id = $1 or invitation_id in (select id from own)) and email not like 'erased-%'),
  links as (delete from mail_link where purpose = 'invitation' and subject_id in (select id from own)),
  blank as (
    update invitation set email = 'erased-' || id || '@erased.invalid', full_name = '', version = version + 1,
      state = case state when 'open' then 'withdrawn' else state end, ended_at = coalesce(ended_at, now())
    where id in (select id from own) and email not like 'erased-%'),
  gone as (delete from person_key where person_id in (select id from own) returning 1)
  select exists (select from gone) $$;

create function portal.forget_invitation(invitation uuid, reason text) returns text
  language plpgsql security definer set search_path = public, portal as $$
declare asked invitation;
begin
  select * into asked from invitation i where i.id = $1 and i.organisation_id = portal.organisation() for update;
  if not found or asked.email like 'erased-%' then
    return 'unknown';
  elsif asked.accepted_by is not null then
    return 'accepted';
  elsif portal.is_held(array[asked.id], array[asked.organisation_id], asked.created_at::date) then
    return 'held';
  end if;
  perform portal.forget_invitations($1);
  insert into person_erasure (person_id, organisation_id, reason) values ($1, portal.organisation(), $2)
    on conflict do nothing;
  return 'forgotten';
end $$;
comment on function portal.forget_invitation is
  'Forgets whom one''s organisation asked to join and who never did, unless a legal hold keeps it.';
revoke execute on function portal.forget_invitation(uuid, text) from public;
grant execute on function portal.forget_invitation(uuid, text) to portal_app;

create or replace function portal.reapply_erasures(people uuid[]) returns int
  language plpgsql security definer set search_path = public, portal as $$
declare found uuid; asked boolean; again int := 0;
begin
  insert into person_erasure (person_id, organisation_id, reason)
    select p.id, coalesce((select m.organisation_id from membership m where m.person_id = p.id limit 1), p.id), 'restored'
    from person p where p.id = any ($1)
    union all select i.id, i.organisation_id, 'restored' from invitation i where i.id = any ($1) and i.accepted_by is null
    on conflict do nothing;
  for found in select e.person_id from person_erasure e loop
    asked := portal.forget_invitations(found);
    again := again + (portal.forget_person(found) or asked)::int;
  end loop;
  return again;
end $$;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, FORGET)
