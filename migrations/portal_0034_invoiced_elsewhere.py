"""What another system invoiced before the portal knew of it: staged with imported lines, and taken over with them.

Problems of imports say of which sort of records they are: one row may be read for several.
"""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T10:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Imported orders say what was invoiced elsewhere"

STAGED = """
alter table import_order_line add invoiced numeric;
alter table import_problem add part text not null default '';
comment on column import_problem.part is 'Of which sort of records the row was read when this was found.';
"""

CEILING = """
-- As in 0015, but that the invoices' ceiling follows what was invoiced elsewhere, as the receipts' follows what came.
drop trigger settled on purchase_order_line;
do $$ begin
  execute format($make$create constraint trigger settled after update on purchase_order_line
    deferrable initially deferred for each row when (%s) execute function portal.line_is_open()$make$,
    portal.changed('purchase_order_line', 'shown_to', 'confirmed', 'despatched', 'in_inspection', 'received',
      'accepted', 'rejected', 'returned', 'returned_for_replacement', 'invoiced', 'credited', 'promised_date',
      'short_closed', 'source', 'receive_ceiling', 'invoice_ceiling'));
end $$;
create constraint trigger invoiced_before after update of invoice_ceiling on purchase_order_line
  deferrable initially deferred for each row when (old.invoice_ceiling is distinct from new.invoice_ceiling
    and (new.source is null or new.invoice_ceiling <> new.invoiced - new.credited))
  execute function portal.line_is_open();
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, STAGED + CEILING)
