"""What a company's own people say of finished orders, and the averages that it may let suppliers see."""

from portal.platform.migrations import sql_migration

ID = "2026-11-27T11:30:00"
VERSION = "1.50.0"
DESCRIPTION = "Ratings of orders by people, apart from scores; a setting by which suppliers see averages"

RATINGS = """
create table order_rating (
  id uuid primary key, order_id uuid not null references purchase_order, order_number text not null,
  buyer_id uuid not null references organisation, supplier_id uuid not null references organisation,
  stars int not null check (stars between 1 and 5), as_agreed int check (as_agreed between 1 and 5),
  communication int check (communication between 1 and 5), handling int check (handling between 1 and 5),
  comment text not null default '', created_by uuid not null, created_at timestamptz not null,
  changed_at timestamptz, version int not null default 1,
  constraint order_rating_own unique (order_id, created_by),
  constraint changed_in_time check (changed_at <= created_at + interval '30 days'));
comment on table order_rating is
  'What one person of the buyer says of one order, once it was received or closed. No score is made of it.';
create index order_rating_list on order_rating (buyer_id, created_at desc, id desc);
create index order_rating_supplier on order_rating (buyer_id, supplier_id, created_at desc, id desc);
call portal.protect('order_rating', 'buyer_id = (select portal.organisation())');
create policy scope on order_rating as restrictive for select to portal_scoped
  using (exists (select from purchase_order o where o.id = order_id));
create trigger sealed before update on order_rating for each row execute function portal.sealed(
  'version', 'stars', 'as_agreed', 'communication', 'handling', 'comment', 'changed_at');
create trigger final before update on order_rating for each row
  when (portal.now() > old.created_at + interval '30 days') execute function portal.refuse_change('an old rating');
create trigger its_author before update on order_rating for each row
  when (old.created_by is distinct from portal.person())
  execute function portal.refuse('a rating is changed by its author');

create function portal.rates_what_is_finished() returns trigger language plpgsql as $$ begin
  if new.created_by is distinct from portal.person() or not exists (select from purchase_order o
      where o.id = new.order_id and o.number = new.order_number and o.buyer_id = new.buyer_id
        and o.supplier_id = new.supplier_id and o.issued_at is not null
        and (o.state = 'closed' or o.receipt_status = 'complete')) then
    raise exception 'people rate orders of their company that are finished' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger of_what_is_finished before insert on order_rating
  for each row execute function portal.rates_what_is_finished();
"""

# The supplier reads no row: an average of ended months alone, of three people or more, if the buyer opened it.
SHOWN = """
alter table organisation add ratings_shown boolean not null default false;
comment on column organisation.ratings_shown is 'Whether suppliers see averages of what this company''s people say.';

call portal.open_to_gate('order_rating', 'select');
set local role portal_gate;
create function portal.ratings_shown(buyer uuid) returns table (number bigint, raters bigint, average numeric,
    as_agreed numeric, communication numeric, handling numeric)
  language sql stable security definer set search_path = public, portal as $$
  select count(*), count(distinct r.created_by), avg(r.stars),
    case when count(distinct r.created_by) filter (where r.as_agreed is not null) >= 3 then avg(r.as_agreed) end,
    case when count(distinct r.created_by) filter (where r.communication is not null) >= 3
      then avg(r.communication) end,
    case when count(distinct r.created_by) filter (where r.handling is not null) >= 3 then avg(r.handling) end
  from organisation b join order_rating r on r.buyer_id = b.id,
    date_trunc('month', portal.now() at time zone b.time_zone) as month
  where b.id = $1 and b.ratings_shown and r.supplier_id = portal.organisation()
    and r.created_at >= (month - interval '12 months') at time zone b.time_zone
    and r.created_at < month at time zone b.time_zone
  having count(distinct r.created_by) >= 3 $$;
comment on function portal.ratings_shown is
  'What a buyer lets the supplier that asks know of its ratings in twelve ended months; no row if it does not, or if
fewer than three people rated.';
revoke execute on function portal.ratings_shown from public;
grant execute on function portal.ratings_shown to portal_app;
reset role;

do $$ begin
  execute format('create or replace view portal.setting_now with (security_invoker = true) as %s union all
    select id, ''ratings-shown'', id, jsonb_build_object(''ratings_shown'', ratings_shown) from public.organisation',
    rtrim(pg_get_viewdef('portal.setting_now'::regclass), ' ;' || chr(10)));
  execute regexp_replace(pg_get_functiondef('portal.setting_usual'::regproc), 'select case ',
    'select case when $1 = ''ratings-shown'' then ''{"ratings_shown": false}''::jsonb ');
end $$;
create constraint trigger ratings_shown_recorded after update of ratings_shown on organisation
  deferrable initially deferred for each row when (old.ratings_shown <> new.ratings_shown)
  execute function portal.record_setting('ratings-shown', 'id', 'id');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, RATINGS + SHOWN)
