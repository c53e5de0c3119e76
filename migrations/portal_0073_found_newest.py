"""Orders found by words come newest first, those of one moment by their ids, as lists show them: the first page of a
list is then the first of what is found, and nothing beyond it need be looked for."""

from portal.platform.migrations import sql_migration

ID = "2026-11-27T13:00:00"
VERSION = "1.50.0"
DESCRIPTION = "The newest orders that words find"

FOUND = """
set local role portal_gate;
create or replace function portal.find_orders(words text[], side text, most int) returns setof uuid
  language plpgsql stable security definer set search_path = public, portal as $$
begin
  return query execute format(
    'select id from purchase_order where %I = $1 and %s order by created_at desc, id desc limit $2',
    case side when 'supplier' then 'shown_to' else 'buyer_id' end, portal.every_word(words))
    using portal.organisation(), most;
end $$;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, FOUND)
