"""Orders that words find, whether few or many have them: what is met often among the newest is not looked up in the
index, where each of its orders would have to be read before the newest of them are known."""

from portal.platform.migrations import sql_migration

ID = "2026-11-30T12:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Words that many orders have"

# Three of the newest 300 promise a page within a hundred times its rows; where they promise too much, as in any other
# case, the index is asked. Row-level security hides from the planner how often a word occurs, so it would always ask
# the index, and for the words of all organisations.
WORDED = """
set local role portal_gate;
create or replace function portal.find_orders(words text[], side text, most int) returns setof uuid
  language plpgsql stable security definer set search_path = public, portal as $$
declare
  newest text = format('(select id, created_at, search from purchase_order where %I = $1 '
    'order by created_at desc, id desc limit $2) newest where %s',
    case side when 'supplier' then 'shown_to' else 'buyer_id' end, portal.every_word(words));
  found uuid[];
begin
  if most <= 1000 then
    execute format('select array_agg(id) from (select id from %s limit $3) f', newest)
      into found using portal.organisation(), 300, 3;
    if cardinality(found) = 3 then
      execute format('select array_agg(id) from (select id from %s order by created_at desc, id desc limit $3) f', newest)
        into found using portal.organisation(), most * 100, most;
      if cardinality(found) = most then
        return query select unnest(found);
        return;
      end if;
    end if;
  end if;
  return query execute format(
    'select id from purchase_order where %I = $1 and %s order by created_at desc, id desc limit $2',
    case side when 'supplier' then 'shown_to' else 'buyer_id' end, portal.every_word(words))
    using portal.organisation(), most;
end $$;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, WORDED)
