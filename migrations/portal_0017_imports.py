"""Imports of several kinds at once; receipts with the day on which goods came."""

from portal.platform.migrations import sql_migration

ID = "2026-11-22T17:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Imports of everything at once, days of delivery, receipts that came with history"

RUNS = """
alter table import_run drop constraint import_run_kind_check, add constraint import_run_kind_check
  check (kind in ('all', 'suppliers', 'items', 'prices', 'orders', 'receipts'));
"""

DELIVERIES = """
alter table import_order_line add delivered_at timestamptz;
alter table import_receipt add delivered_at timestamptz, add delivery_note text;
alter table goods_receipt add source jsonb;
comment on column goods_receipt.source is
  'Of a receipt that was imported: the system, file and row it comes from. It counts as booked when the goods came.';
"""

# What came on days that nobody knew is migrated history until a later file says the days; never the other way about.
JUDGED = """
drop trigger keep_migrated on schedule_fact;
create trigger keep_migrated before update of migrated on schedule_fact for each row
  when (new.migrated and not old.migrated) execute function portal.refuse_change('migrated');
"""

# A fact belongs to a line, whose order, buyer and supplier are its own: three more references for each of a hundred
# thousand facts asked what the line had been asked already. That they agree is what the view says, which no reference
# ever did.
FACTS = """
alter table schedule_fact drop constraint schedule_fact_buyer_id_fkey, drop constraint schedule_fact_supplier_id_fkey,
  drop constraint schedule_fact_order_id_fkey, drop constraint schedule_fact_line_id_fkey;
alter table delivery_fact drop constraint delivery_fact_buyer_id_fkey, drop constraint delivery_fact_supplier_id_fkey,
  drop constraint delivery_fact_order_id_fkey;
create view portal.facts_of_others with (security_invoker = true) as
  select f.id, f.line_id, 'schedule_fact' as fact from schedule_fact f
  left join schedule_line s on s.id = f.id left join purchase_order_line l on l.id = s.line_id
  where (f.line_id, f.order_id, f.buyer_id, f.supplier_id) is distinct from (l.id, l.order_id, l.buyer_id, l.supplier_id)
  union all
  select d.id, d.line_id, 'delivery_fact' from delivery_fact d left join purchase_order_line l on l.id = d.line_id
  where (d.order_id, d.buyer_id, d.supplier_id) is distinct from (l.order_id, l.buyer_id, l.supplier_id);
comment on view portal.facts_of_others is 'Facts whose line, order, buyer or supplier is not theirs: always empty.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, RUNS + DELIVERIES + JUDGED + FACTS)
