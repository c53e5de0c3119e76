"""What nobody is to see any more, or not yet: who was asked to join, and what an auditor does in an engagement."""

from portal.platform.migrations import sql_migration

ID = "2026-11-27T18:00:00"
VERSION = "1.50.0"
DESCRIPTION = "Invitations are sealed and erased with their person"

# Whoever is asked has a key before they are anybody here: their invitation's.
ASKED = """
drop policy known on person_key;
create policy known on person_key for select using (person_id = (select portal.person())
  or person_id in (select person_id from membership) or person_id in (select id from invitation));

call portal.open_to_gate('engagement', 'select, update');
grant update on invitation to portal_gate;
drop trigger keep_email on invitation;
drop trigger keep_email on engagement;
drop trigger final on engagement;
do $$ declare addressed text; begin
  foreach addressed in array array['invitation', 'engagement'] loop
    execute format('create trigger keep_email before update of email on %s for each row
      when (old.email is distinct from new.email and current_user <> ''portal_gate'')
      execute function portal.refuse_change(''email'')', addressed);
  end loop;
end $$;
create trigger final before update on engagement for each row
  when (old.state = 'closed' and current_user <> 'portal_gate')
  execute function portal.refuse_change('a closed engagement');

set local role portal_gate;
create function portal.forget_invitations(person uuid) returns boolean
  language sql set search_path = public as $$
  with own as (
    select i.id from invitation i where i.accepted_by = $1 or i.email = (select p.email from person p where p.id = $1)),
  named as (
    update engagement set email = 'erased-' || id || '@erased.invalid', version = version + 1
    where (auditor_id = $1 or invitation_id in (select id from own)) and email not like 'erased-%'),
  blank as (
    update invitation set email = 'erased-' || id || '@erased.invalid', full_name = '', version = version + 1,
      state = case state when 'open' then 'withdrawn' else state end, ended_at = coalesce(ended_at, now())
    where id in (select id from own) and email not like 'erased-%'),
  gone as (delete from person_key where person_id in (select id from own) returning 1)
  select exists (select from gone) $$;
comment on function portal.forget_invitations is 'The part of forgetting somebody that is about how they were asked to join.';

create or replace function portal.forget_person(person uuid) returns boolean
  language sql security definer set search_path = public as $$
  select portal.forget_invitations($1);
  delete from session where person_id = $1;
  delete from api_key where person_id = $1;
  delete from credential where person_id = $1;
  update person set full_name = '–', email = 'erased-' || $1 || '@erased.invalid', phone = '',
    disabled_at = coalesce(disabled_at, now()), version = version + 1
    where id = $1 and email not like 'erased-%';
  with gone as (delete from person_key where person_id = $1 returning 1) select exists (select from gone) $$;
revoke execute on function portal.forget_invitations(uuid) from public;
select portal.forget_invitations(person_id) from person_erasure;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, ASKED)
