"""Searches by words through the index of words; what the planner is told of an order's sides."""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T02:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Search by words through the index; statistics of sides"

# `like all (words)` reads every row of the reader's side: no index serves it. One condition a word is served, and the
# planner sees the words themselves.
SEARCH = """
create function portal.every_word(words text[]) returns text language sql immutable
  return (select string_agg(format('search like %L', word), ' and ') from unnest(words) word);
comment on function portal.every_word is 'A condition on `search`: all these patterns occur in it.';

set local role portal_gate;
create or replace function portal.find_orders(words text[], side text, most int) returns setof uuid
  language plpgsql stable security definer set search_path = public, portal as $$
begin
  return query execute format('select id from purchase_order where %I = $1 and %s order by created_at desc limit $2',
    case side when 'supplier' then 'shown_to' else 'buyer_id' end, portal.every_word(words))
    using portal.organisation(), most;
end $$;
create or replace function portal.find_items(words text[], most int) returns setof uuid
  language plpgsql stable security definer set search_path = public, portal as $$
begin
  return query execute format('select id from item where organisation_id = $1 and %s order by number limit $2',
    portal.every_word(words)) using portal.organisation(), most;
end $$;
create or replace function portal.find_invoices(words text[], side text, most int) returns setof uuid
  language plpgsql stable security definer set search_path = public, portal as $$
begin
  return query execute format('select id from invoice where %I = $1 and %s order by created_at desc limit $2',
    case side when 'supplier' then 'supplier_id' else 'shown_to' end, portal.every_word(words))
    using portal.organisation(), most;
end $$;
reset role;

-- Whoever an order is shown to is its supplier: without knowing it the planner expects next to no rows of both, and
-- sorts all of them.
create statistics purchase_order_sides (dependencies) on shown_to, supplier_id from purchase_order;
create statistics goods_receipt_sides (dependencies) on shown_to, supplier_id from goods_receipt;
create statistics despatch_advice_sides (dependencies) on shown_to, buyer_id from despatch_advice;
create statistics invoice_sides (dependencies) on shown_to, buyer_id from invoice;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SEARCH)
