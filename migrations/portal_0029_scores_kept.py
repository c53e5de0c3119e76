"""Who caused a cancellation, by every date of a line; prices by their factor; one day for all facts of an invoice."""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T05:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Scorecards that open to their lines and go by the rules of their month"

ASIDE = "".join(f"alter table {table} {{0}}force row level security;\n" for table in (
    "purchase_order", "purchase_order_line", "invoice_line", "schedule_fact", "invoice_fact",
))  # fmt: skip
CAUSES = """
update schedule_fact f set cancelled_cause = 'supplier' from purchase_order o
where o.id = f.order_id and f.cancelled_cause = 'buyer' and not o.on_hold and o.source is null
  and least(f.requested_date, f.first_date, f.last_date) < (f.cancelled_at at time zone f.time_zone)::date;
comment on column schedule_fact.cancelled_cause is
  'The supplier, where any of its dates had passed by then and the buyer had not put the order on hold; else the buyer.';
"""

AMOUNTS = """
alter table schedule_fact add price_factor numeric not null default 1 check (price_factor > 0);
comment on column schedule_fact.price_factor is 'Price units in one order unit, as the order line has it frozen.';
update schedule_fact f set price_factor = l.price_factor from purchase_order_line l
where l.id = f.line_id and l.price_factor <> 1;
alter table invoice_fact disable trigger keep_counts_on;
update invoice_fact f set counts_on = i.counts_on, invoiced_amount = coalesce(l.net, f.invoiced_amount),
  ordered_amount = round(f.ordered_amount * s.price_factor * (100 - s.discount) * 0.01, 2)
from (select invoice_id, min(counts_on) as counts_on from invoice_fact group by invoice_id) i
join invoice_fact e on e.invoice_id = i.invoice_id join schedule_fact s on s.line_id = e.line_id and s.sequence = 1
left join (select invoice_id, order_line_id, sum(net) as net from invoice_line group by 1, 2) l
  on l.invoice_id = e.invoice_id and l.order_line_id = e.line_id
where f.id = e.id;
alter table invoice_fact enable trigger keep_counts_on;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, ASIDE.format("no ") + CAUSES + AMOUNTS + ASIDE.format(""))
