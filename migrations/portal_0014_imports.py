"""Imports of several kinds at once; receipts with the day on which goods came."""

from portal.platform.migrations import sql_migration

ID = "2026-11-21T14:00:00"
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


async def forwards():
    return sql_migration(ID, DESCRIPTION, RUNS + DELIVERIES)
