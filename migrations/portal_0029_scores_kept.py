"""Who caused a cancellation, judged by every date of a line."""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T05:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Scorecards that open to their lines and go by the rules of their month"

CAUSES = """
update schedule_fact f set cancelled_cause = 'supplier' from purchase_order o
where o.id = f.order_id and f.cancelled_cause = 'buyer' and not o.on_hold and o.source is null
  and least(f.requested_date, f.first_date, f.last_date) < (f.cancelled_at at time zone f.time_zone)::date;
comment on column schedule_fact.cancelled_cause is
  'The supplier, where any of its dates had passed by then and the buyer had not put the order on hold; else the buyer.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, CAUSES)
