"""A supplier may ask for an item in two currencies from the same day and quantity on."""

from portal.platform.migrations import sql_migration

ID = "2026-11-26T10:00:00"
VERSION = "1.43.0"
DESCRIPTION = "Prices of suppliers are told apart by currency"

KEY = """
drop index supplier_price_key;
create unique index supplier_price_key on supplier_price
  (buyer_id, supplier_id, item_id, currency, coalesce(valid_from, date '0001-01-01'), coalesce(minimum_quantity, 0));
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, KEY)
