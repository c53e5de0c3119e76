"""How many orders a side has, in a state or with a partner, told from indexes alone."""

from portal.platform.migrations import sql_migration

ID = "2026-12-02T14:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Orders counted from their indexes"

# A wall of rows looks at columns that no index of a list has, so it takes each of a thousand orders from its own place.
# Here the side is the caller's own, whatever it asks for, and the index says that.
COUNTED = """
set local role portal_gate;
create function portal.count_orders(side text, states text[], partner uuid, most int) returns bigint
  language plpgsql stable security definer set search_path = public, portal as $$
declare
  ours text = case side when 'supplier' then 'shown_to' else 'buyer_id' end;
  theirs text = case side when 'supplier' then 'buyer_id' else 'supplier_id' end;
  found bigint;
begin
  execute format('select count(*) from (select from purchase_order where %I = $1%s%s limit $4) f', ours,
    case when states is not null then ' and state = any ($2)' end,
    case when partner is not null then format(' and %I = $3', theirs) end)
    into found using portal.organisation(), states, partner, most;
  return found;
end $$;
revoke execute on function portal.count_orders from public;
grant execute on function portal.count_orders to portal_app;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, COUNTED)
