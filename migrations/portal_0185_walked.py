"""Orders that words find: how far the newest are walked through follows how often the words occur among them."""

from portal.platform.migrations import sql_migration

ID = "2026-12-01T23:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Words of every hundredth order, and numbers, among a million"

# A row that is walked past costs a microsecond; the index has to bring together what has each three letters of a word,
# of all organisations, a third of a second where one has a million orders. So the walk goes on for as long as it is
# likely to be the shorter way. A number of ours that one of one's own orders, or of one's own customers' orders, has
# means that order, where nothing else narrows the list: it is looked up by buyer and number. The walk sorts nothing: to
# the planner, all orders of an organisation seem quicker to sort than some thousand of them to be read in their order.
WORDED = """
set local role portal_gate;
create or replace function portal.newest_orders(words text[], ours text, looked int, most int) returns uuid[]
  language plpgsql stable set enable_sort = off set search_path = public, portal as $$
declare
  ids uuid[];
begin
  execute format('select array_agg(id) from (select id from (select id, created_at, search from purchase_order '
    'where %I = $1 order by created_at desc, id desc limit $2) newest where %s '
    'order by created_at desc, id desc limit $3) f', ours, portal.every_word(words))
    into ids using portal.organisation(), looked, most;
  return coalesce(ids, '{}');
end $$;
create or replace function portal.find_orders(words text[], side text, most int) returns setof uuid
  language plpgsql stable security definer set search_path = public, portal as $$
declare
  us uuid = portal.organisation();
  ours text = case side when 'supplier' then 'shown_to' else 'buyer_id' end;
  ids uuid[];
  hits int;
  looked int;
begin
  if most < 1000 and cardinality(words) = 1 and words[1] ~ '^%[a-z]+-[0-9]{4}-[0-9]{4,}%$' then
    return query select id from purchase_order where number = upper(btrim(words[1], '%'))
      and buyer_id = any (case side when 'supplier'
        then array(select buyer_id from trading_relationship where supplier_id = us) else array[us] end)
      and (side <> 'supplier' or shown_to = us);
    if found then
      return;
    end if;
  end if;
  if most <= 1000 then
    foreach looked in array array[300, 1500] loop
      hits = cardinality(portal.newest_orders(words, ours, looked, looked));
      if hits >= 3 then
        ids = portal.newest_orders(words, ours, least(2 * most * looked / hits, 40000), most);
        if cardinality(ids) = most then
          return query select unnest(ids);
          return;
        end if;
        exit;
      end if;
    end loop;
  end if;
  return query execute format('select id from purchase_order where %I = $1 and %s order by created_at desc, id desc '
    'limit $2', ours, portal.every_word(words)) using us, most;
end $$;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, WORDED)
