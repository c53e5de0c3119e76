"""Who caused a cancellation; prices by their factor; invoices as one fact; frozen scorecards with their lines."""

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

LINES = """
create table scorecard_fact (
  id uuid primary key default uuidv7(), scorecard_id uuid not null references scorecard,
  buyer_id uuid not null references organisation, supplier_id uuid not null references organisation,
  shown_to uuid not null check (shown_to = supplier_id),
  criterion text not null, facts jsonb not null check (jsonb_typeof(facts) = 'array'),
  unique (scorecard_id, criterion));
call portal.protect('scorecard_fact', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
revoke update on scorecard_fact from portal_app;
create policy kept_by_buyer on scorecard_fact as restrictive for insert
  with check (buyer_id = (select portal.organisation()));
create trigger kept before update or delete on scorecard_fact for each row
  execute function portal.refuse('what a frozen scorecard stands on never changes');
comment on table scorecard_fact is
  'The facts of one criterion as they were when a scorecard was written. Its figures are their sums: the database '
  'refuses a scorecard that says something else. Scorecards from before this table stand on facts as known now.';

create function portal.summed_up() returns trigger language plpgsql as $$
begin
  if exists (
    select from jsonb_to_recordset(new.figures) as g (criterion text, count int, base numeric, achieved numeric,
      excused_count int, excused_base numeric, excused_achieved numeric)
    full join (
      select k.criterion, count(*) filter (where f.excuse is null) as count,
        coalesce(sum(f.base) filter (where f.excuse is null), 0) as base,
        coalesce(sum(f.achieved) filter (where f.excuse is null), 0) as achieved,
        count(*) filter (where f.excuse is not null) as excused_count,
        coalesce(sum(f.base) filter (where f.excuse is not null), 0) as excused_base,
        coalesce(sum(f.achieved) filter (where f.excuse is not null), 0) as excused_achieved
      from scorecard_fact k
      cross join lateral jsonb_to_recordset(k.facts) as f (base numeric, achieved numeric, excuse text)
      where k.scorecard_id = new.id group by k.criterion) s using (criterion)
    where (g.count, g.base, g.achieved, g.excused_count, g.excused_base, g.excused_achieved) is distinct from
      (s.count, s.base, s.achieved, s.excused_count, s.excused_base, s.excused_achieved))
  then
    raise exception 'a frozen figure is the sum of its lines' using errcode = 'serialization_failure';
  end if;
  return null;
end $$;
create constraint trigger summed_up after insert on scorecard deferrable initially deferred for each row
  execute function portal.summed_up();
"""

UNBILLED = """
create index invoice_fact_order on invoice_fact (order_id);
create index purchase_order_line_unbilled on purchase_order_line (buyer_id, order_id)
  where accepted > invoiced - credited;
create index purchase_order_line_unbilled_supplier on purchase_order_line (shown_to, order_id)
  where accepted > invoiced - credited;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, ASIDE.format("no ") + CAUSES + AMOUNTS + ASIDE.format("") + LINES + UNBILLED)
