"""The facts that suppliers are scored by, written from the first order on."""

from portal.platform.migrations import sql_migration

ID = "2026-11-21T08:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Facts per schedule line, per delivery and per invoice"

GUARDS = """
create function portal.only_the_buyer_moves() returns trigger language plpgsql as $$
begin
  if portal.organisation() is distinct from old.buyer_id then
    raise exception 'only the buyer moves what it asked for' using errcode = 'check_violation';
  end if;
  return new;
end $$;
"""

SCHEDULE = """
create table schedule_fact (
  id uuid primary key references schedule_line,
  buyer_id uuid not null references organisation, supplier_id uuid not null references organisation,
  shown_to uuid not null check (shown_to = supplier_id),
  order_id uuid not null references purchase_order, order_number text not null,
  line_id uuid not null references purchase_order_line, line int not null, sequence int not null,
  leads boolean not null default false,
  item_id uuid, item_number text not null default '', description text not null, unit text not null,
  unit_price numeric not null, discount numeric not null, base_quantity numeric not null, currency text not null,
  time_zone text not null,
  ordered_quantity numeric not null check (ordered_quantity >= 0), requested_date date,
  first_quantity numeric check (first_quantity >= 0), first_date date,
  last_quantity numeric check (last_quantity >= 0), last_date date,
  issued_at timestamptz not null, response_due_at timestamptz, acknowledged_at timestamptz,
  responded_at timestamptz, refused_at timestamptz,
  cancelled_at timestamptz, cancelled_cause text check (cancelled_cause in ('buyer', 'supplier')),
  closed_at timestamptz, excuse text not null default ''
    check (excuse in ('', 'buyer_change', 'carrier', 'force_majeure')),
  migrated boolean not null default false,
  received numeric not null default 0, accepted numeric not null default 0, rejected numeric not null default 0,
  first_delivered date, last_delivered date,
  filled_quantity numeric not null default 0,
  requested_in_time numeric not null default 0, first_in_time numeric not null default 0,
  last_in_time numeric not null default 0,
  unique (line_id, sequence),
  check ((cancelled_at is null) = (cancelled_cause is null)),
  check (received = accepted + rejected),
  check (least(received, accepted, rejected, requested_in_time, first_in_time, last_in_time) >= 0),
  check (filled_quantity between 0 and ordered_quantity and requested_in_time <= ordered_quantity),
  check (first_in_time <= coalesce(first_quantity, 0) and last_in_time <= coalesce(last_quantity, 0)));
create index schedule_fact_order on schedule_fact (order_id);
create index schedule_fact_requested on schedule_fact (buyer_id, supplier_id, requested_date);
create index schedule_fact_first on schedule_fact (buyer_id, supplier_id, first_date);
create index schedule_fact_last on schedule_fact (buyer_id, supplier_id, last_date);
create index schedule_fact_due on schedule_fact (buyer_id, supplier_id, response_due_at) where leads;
call portal.protect('schedule_fact', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
call portal.keep('schedule_fact', 'buyer_id', 'supplier_id', 'order_id', 'line_id', 'issued_at');
create trigger asked_by_buyer before update of requested_date, ordered_quantity on schedule_fact for each row
  when (old.requested_date is distinct from new.requested_date or old.ordered_quantity <> new.ordered_quantity)
  execute function portal.only_the_buyer_moves();
create trigger first_promise before update of first_date, first_quantity on schedule_fact for each row
  when (old.first_quantity is not null and
    (old.first_quantity, old.first_date) is distinct from (new.first_quantity, new.first_date))
  execute function portal.refuse_change('the first promise');

comment on table schedule_fact is
  'One row per schedule line from issue on. What was asked and first promised never changes with the order''s header; '
  'the sums of deliveries are derived from delivery_fact and can be derived again.';
comment on column schedule_fact.id is 'The schedule line''s own.';
comment on column schedule_fact.leads is 'The first row of its order: stands for the order where orders are counted.';
comment on column schedule_fact.ordered_quantity is
  'What the buyer asked for by requested_date; 0 on a row that the supplier''s split added.';
comment on column schedule_fact.time_zone is 'Of the buyer''s site, frozen at issue: its midnight ends a day.';
comment on column schedule_fact.requested_in_time is
  'How much of ordered_quantity had come by requested_date; likewise first_in_time and last_in_time for the promises.';
"""

DELIVERIES = """
create table delivery_fact (
  id uuid primary key default uuidv7(), receipt_id uuid,
  buyer_id uuid not null references organisation, supplier_id uuid not null references organisation,
  shown_to uuid not null check (shown_to = supplier_id),
  order_id uuid not null references purchase_order, line_id uuid not null references purchase_order_line,
  delivered_on date, counts_on date not null,
  accepted numeric not null check (accepted >= 0), rejected numeric not null check (rejected >= 0),
  reversed_at timestamptz,
  unique nulls not distinct (line_id, receipt_id));
create index delivery_fact_counts on delivery_fact (buyer_id, supplier_id, counts_on);
call portal.protect('delivery_fact', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
call portal.keep('delivery_fact', 'buyer_id', 'supplier_id', 'line_id', 'receipt_id');
comment on table delivery_fact is
  'What one receipt brought of one order line. Without receipt_id: what was received before the portal knew of it, '
  'with no date of delivery; it counts on the requested date.';

create table invoice_fact (
  id uuid primary key default uuidv7(), invoice_id uuid not null,
  buyer_id uuid not null references organisation, supplier_id uuid not null references organisation,
  shown_to uuid not null check (shown_to = supplier_id),
  order_id uuid not null references purchase_order, line_id uuid not null references purchase_order_line,
  counts_on date not null, quantity numeric not null, currency text not null,
  invoiced_amount numeric not null, ordered_amount numeric not null,
  exceptions int not null default 0 check (exceptions >= 0), matched_first_time boolean not null,
  unique (invoice_id, line_id));
create index invoice_fact_counts on invoice_fact (buyer_id, supplier_id, counts_on);
call portal.protect('invoice_fact', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
call portal.keep('invoice_fact', 'buyer_id', 'supplier_id', 'invoice_id', 'line_id', 'matched_first_time', 'counts_on');
comment on table invoice_fact is
  'What one invoice asked for one order line, beside what the order''s agreed price made of the same quantity; '
  'whether the first match found nothing to object.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, GUARDS + SCHEDULE + DELIVERIES)
