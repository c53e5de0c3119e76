"""Lines that both sides rely on are looked at when their statement ends: what a command writes is one statement."""

from portal.platform.migrations import sql_migration

ID = "2026-12-03T00:00:00"
VERSION = "1.53.0"
DESCRIPTION = "A revision and its lines are written together, and looked at together"

# As in 0015 and 0072, but not put off until the commit: what they ask for stands in the very statement that asks.
AT_ONCE = """
drop trigger revision_is_frozen on purchase_order;
create constraint trigger revision_is_frozen after update on purchase_order deferrable initially immediate for each row
  when (new.revision <> old.revision or (old.shown_to is null and new.shown_to is not null))
  execute function portal.revision_is_frozen();
drop trigger settled on purchase_order_line;
do $$ begin
  execute format($make$create constraint trigger settled after update on purchase_order_line
    deferrable initially immediate for each row when (%s or (old.receive_ceiling is distinct from new.receive_ceiling
      and (new.source is null or new.receive_ceiling <> new.received - new.returned_for_replacement))
      or (old.invoice_ceiling is distinct from new.invoice_ceiling
        and (new.source is null or new.invoice_ceiling <> new.invoiced - new.credited)))
    execute function portal.line_is_open()$make$,
    portal.changed('purchase_order_line', 'shown_to', 'confirmed', 'despatched', 'in_inspection', 'received',
      'accepted', 'rejected', 'returned', 'returned_for_replacement', 'invoiced', 'credited', 'promised_date',
      'short_closed', 'closed_to', 'short_closed_at', 'short_close_reason', 'source', 'receive_ceiling',
      'invoice_ceiling', 'tolerances', 'closed_before'));
end $$;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, AT_ONCE)
