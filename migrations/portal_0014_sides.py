"""Nobody acts for both sides: of a trading relationship by membership, of an order by what they did on it."""

from portal.platform.migrations import sql_migration

ID = "2026-11-22T14:00:00"
VERSION = "1.38.0"
DESCRIPTION = "One side of a trading relationship and of an order for each person"

ORDERS = """
call portal.open_to_gate('duty_taken', 'select, insert');
revoke update on duty_taken from portal_app;

-- Whoever did anything on an order did it for one organisation, which is noted like a duty. The log tells, so that no
-- act is forgotten; opening an order is no act. What a person does about themselves (signing in, a new password) has no
-- sides: they may work for several organisations.
create function portal.take_side() returns trigger
  language plpgsql security definer set search_path = public, portal as $$
begin
  insert into duty_taken (organisation_id, root_id, permission, person_id, at)
    values (new.organisation_id, new.root_id, 'side', new.actor_id, new.at) on conflict do nothing;
  if not found and exists (select from duty_taken t where t.root_id = new.root_id and t.permission = 'side'
      and t.person_id = new.actor_id and t.organisation_id <> new.organisation_id) then
    raise exception 'this person acted for the other side of this order'
      using errcode = 'check_violation', constraint = 'one_side_of_an_order';
  end if;
  return null;
end $$;
alter function portal.take_side() owner to portal_gate;

alter table audit_entry no force row level security;
alter table duty_taken no force row level security;
insert into duty_taken (organisation_id, root_id, permission, person_id, at)
  select distinct on (root_id, actor_id) organisation_id, root_id, 'side', actor_id, at from audit_entry
  where root_id is not null and actor_id is not null and subject_kind <> 'person' and event <> 'purchase-order.viewed'
  order by root_id, actor_id, at on conflict do nothing;
alter table duty_taken force row level security;
alter table audit_entry force row level security;

create trigger take_side after insert on audit_entry for each row
  when (new.root_id is not null and new.actor_id is not null and new.subject_kind <> 'person'
    and new.event <> 'purchase-order.viewed')
  execute function portal.take_side();

create function portal.duties_of(root uuid, person uuid) returns table (permission text, elsewhere boolean)
  language sql stable security definer set search_path = public, portal as $$
  select t.permission, t.organisation_id <> portal.organisation() from duty_taken t
  where t.root_id = $1 and t.person_id = $2 and $2 = portal.person() $$;
comment on function portal.duties_of is
  'What the person of this transaction did on an order, also for the other side: the one thing a side may not know.';
revoke execute on function portal.duties_of(uuid, uuid) from public;
grant execute on function portal.duties_of(uuid, uuid) to portal_app;
alter function portal.duties_of(uuid, uuid) owner to portal_gate;
"""

MEMBERSHIPS = """
create function portal.refuse_both_sides() returns trigger
  language plpgsql security definer set search_path = public as $$
declare partner text;
begin
  select o.name into partner from membership m join organisation o on o.id = m.organisation_id
    join trading_relationship r on r.state <> 'ended' and (r.buyer_id, r.supplier_id)
      in ((m.organisation_id, new.organisation_id), (new.organisation_id, m.organisation_id))
    where m.person_id = new.person_id and m.active and m.id <> new.id limit 1;
  if found then
    raise exception 'this person acts for %, with which this organisation trades: nobody acts for both sides', partner
      using errcode = 'check_violation', constraint = 'one_side_of_a_relationship';
  end if;
  return new;
end $$;
create trigger one_side before insert or update of person_id, organisation_id, active on membership
  for each row when (new.active) execute function portal.refuse_both_sides();

create function portal.refuse_shared_people() returns trigger
  language plpgsql security definer set search_path = public as $$
begin
  if exists (select from membership b join membership s using (person_id)
      where b.organisation_id = new.buyer_id and s.organisation_id = new.supplier_id and b.active and s.active) then
    raise exception 'somebody is a member of both organisations: nobody acts for both sides'
      using errcode = 'check_violation', constraint = 'one_side_of_a_relationship';
  end if;
  return new;
end $$;
create trigger one_side_new before insert on trading_relationship
  for each row when (new.state <> 'ended') execute function portal.refuse_shared_people();
create trigger one_side_again before update of state on trading_relationship
  for each row when (old.state = 'ended' and new.state <> 'ended') execute function portal.refuse_shared_people();
do $$ declare gated regprocedure; begin
  foreach gated in array array['portal.refuse_both_sides()', 'portal.refuse_shared_people()']::regprocedure[] loop
    execute format('alter function %s owner to portal_gate', gated);
  end loop;
end $$;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, ORDERS + MEMBERSHIPS)
