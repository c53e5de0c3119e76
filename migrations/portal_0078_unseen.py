"""What nobody is to see any more, or not yet: who was asked to join, and what an auditor does in an engagement."""

from portal.platform.migrations import sql_migration

ID = "2026-11-27T18:00:00"
VERSION = "1.50.0"
DESCRIPTION = "Invitations are sealed and erased with their person; all that an engagement's auditor does is kept"

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

# Whatever the auditor of an engagement does is its owner's alone to know until it is over, and their own. The list is
# made once for a query; only entries of whoever stands in it are looked at one by one.
KEPT = """
create function portal.kept_from(person uuid) returns uuid[] language sql stable set search_path = public, portal as $$
  select coalesce(array_agg(e.reader), '{}') from (
    select coalesce(g.auditor_id, i.accepted_by) as reader, g.owned_by from engagement g
    left join invitation i on i.id = g.invitation_id
    where g.organisation_id = portal.organisation() and g.state = 'open' and g.until > now()) e
  where $1 is not null and $1 not in (e.reader, e.owned_by) $$;
comment on function portal.kept_from is 'The auditors of running engagements whose acts this person does not see.';

create function portal.was_kept(reader uuid, at timestamptz) returns boolean
  language sql stable set search_path = public, portal as $$
  select exists (select from engagement g left join invitation i on i.id = g.invitation_id
    where g.organisation_id = portal.organisation() and coalesce(g.auditor_id, i.accepted_by) = $1 and g.state = 'open'
      and g.until > now() and $2 >= g.opened_at and g.owned_by is distinct from portal.person()) $$;
comment on function portal.was_kept is 'Whether an act of this auditor belongs to a running engagement of another owner.';

drop policy reads_in_engagements on audit_entry;
create policy kept_in_engagements on audit_entry as restrictive for select to portal_app, portal_scoped using (
  actor_id is null or actor_id <> all ((select portal.kept_from(portal.person()))::uuid[])
  or not portal.was_kept(actor_id, at));
create policy kept_in_engagements on audit_private as restrictive for select to portal_app, portal_scoped using (
  (select portal.kept_from(portal.person())) = '{}' or exists (select from audit_entry e where e.id = entry_id));
create policy kept_in_engagements on alert as restrictive for select to portal_app, portal_scoped using (
  concerns is null or concerns <> all ((select portal.kept_from(portal.person()))::uuid[])
  or not portal.was_kept(concerns, raised_at));
"""

# Refusals beyond those that are entries of their own, until an entry says how many they were.
COUNTS = """
create table refusal_count (
  organisation_id uuid not null references organisation, person_id uuid not null, event text not null,
  refusals int not null check (refusals > 0), since timestamptz not null, primary key (organisation_id, person_id, event));
call portal.protect('refusal_count', 'organisation_id = (select portal.organisation())');
grant delete on refusal_count to portal_app;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, ASKED + KEPT + COUNTS)
