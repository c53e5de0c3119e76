"""What both sides rely on in a line is guarded once a line: three triggers asked the same question each."""

from portal.platform.migrations import sql_migration

ID = "2026-11-27T12:00:00"
VERSION = "1.50.0"
DESCRIPTION = "One trigger asks whether a line of an order is open"

# As in 0034 and 0035, together; `tolerances` and `closed_before` came later and have triggers of their own.
SETTLED = """
drop trigger settled on purchase_order_line;
drop trigger received_before on purchase_order_line;
drop trigger invoiced_before on purchase_order_line;
do $$ begin
  execute format($make$create constraint trigger settled after update on purchase_order_line
    deferrable initially deferred for each row when (%s or (old.receive_ceiling is distinct from new.receive_ceiling
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
    return sql_migration(ID, DESCRIPTION, SETTLED)
