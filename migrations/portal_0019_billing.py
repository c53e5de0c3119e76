"""Credit notes; allowances and charges; payment terms with a base date; exchange rates that documents keep."""

from portal.platform.migrations import sql_migration

ID = "2026-11-22T19:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Credit notes, allowances and charges, payment terms with base dates, exchange rates"

AGREED = """
create table payment_term (
  id uuid primary key, organisation_id uuid not null references organisation,
  name text not null check (length(name) between 1 and 100),
  base text not null check (base in ('invoice', 'invoice_receipt', 'goods_receipt')),
  month_end boolean not null default false, days int not null check (days between 0 and 365),
  steps jsonb not null default '[]' check (jsonb_typeof(steps) = 'array'), retired boolean not null default false,
  created_by uuid, created_at timestamptz not null, version int not null default 1, unique (organisation_id, name));
call portal.protect('payment_term', 'organisation_id = (select portal.organisation())');
call portal.keep('payment_term', 'organisation_id', 'name', 'base', 'month_end', 'days', 'steps');
comment on table payment_term is 'What a buyer offers to agree on. Other terms are another row: those agreed on stay.';

alter table trading_relationship add terms jsonb not null default '{}' check (jsonb_typeof(terms) = 'object');
comment on column trading_relationship.terms is 'The payment terms agreed on; {}: payment_days from the invoice date.';

-- What one unit of a foreign currency costs in the organisation's own, by whom it was told, from which day on.
create table exchange_rate (
  id uuid primary key, organisation_id uuid not null references organisation,
  currency text not null check (currency ~ '^[A-Z]{3}$'), into_currency text not null check (into_currency ~ '^[A-Z]{3}$'),
  valid_on date not null, rate numeric not null check (rate > 0 and portal.decimal_ok(rate, 10)),
  source text not null check (length(source) between 1 and 200), created_by uuid, created_at timestamptz not null,
  version int not null default 1, check (currency <> into_currency),
  unique (organisation_id, currency, into_currency, valid_on));
create index exchange_rate_newest on exchange_rate (organisation_id, valid_on desc, id desc);
call portal.protect('exchange_rate', 'organisation_id = (select portal.organisation())');
call portal.keep('exchange_rate', 'organisation_id', 'currency', 'into_currency', 'valid_on');
call portal.open_to_gate('exchange_rate', 'select');

-- A supplier's invoice is valued by the buyer's rate too, at a moment when only the supplier acts.
set local role portal_gate;
create function portal.rate_of(whose uuid, foreign_currency text, day date)
  returns table (into_currency text, rate numeric, valid_on date, source text)
  language sql stable security definer set search_path = public, portal as $$
  select r.into_currency, r.rate, r.valid_on, r.source from exchange_rate r
  join organisation o on o.id = r.organisation_id and o.currency = r.into_currency
  where r.organisation_id = whose and r.currency = foreign_currency and r.valid_on <= day
    and (whose = portal.organisation() or exists (select from trading_relationship t
      where (t.buyer_id, t.supplier_id) in ((whose, portal.organisation()), (portal.organisation(), whose))))
  order by r.valid_on desc limit 1 $$;
comment on function portal.rate_of is 'An organisation''s own rate on a day, for itself and its trading partners.';
revoke execute on function portal.rate_of(uuid, text, date) from public;
grant execute on function portal.rate_of(uuid, text, date) to portal_app;
reset role;

create function portal.valued_once() returns trigger language plpgsql as $$
begin
  if (old.own_currency, old.exchange_rate, old.exchange_date, old.exchange_source)
      is distinct from (new.own_currency, new.exchange_rate, new.exchange_date, new.exchange_source) then
    raise exception 'a rate of exchange that was kept never changes' using errcode = 'check_violation';
  end if;
  return new;
end $$;
"""

ORDERS = """
alter table purchase_order add terms jsonb not null default '{}' check (jsonb_typeof(terms) = 'object'),
  add own_currency text not null default '', add exchange_rate numeric check (exchange_rate > 0),
  add exchange_date date, add exchange_source text not null default '',
  add constraint rate_with_date check ((exchange_rate is null) = (exchange_date is null));
create trigger valued_once before update on purchase_order for each row when (old.shown_to is not null)
  execute function portal.valued_once();
create trigger terms_stay before update of terms on purchase_order for each row
  when (old.state <> 'draft' and new.revision = old.revision and old.terms <> new.terms)
  execute function portal.refuse_change('terms');
alter table purchase_order_line add constraint ledger_credited check (credited <= invoiced);
"""

INVOICES = """
alter table invoice add allowances jsonb not null default '[]', add allowances_net numeric not null default 0
    check (allowances_net >= 0),
  add terms jsonb not null default '{}', add earliest_due date, add base_date date, add terms_due date,
  add late boolean not null default false,
  add own_currency text not null default '', add exchange_rate numeric check (exchange_rate > 0),
  add exchange_date date, add exchange_source text not null default '',
  add tax_currency text not null default '', add tax_exchange_rate numeric check (tax_exchange_rate > 0),
  add tax_exchange_date date, add tax_exchange_source text not null default '', add tax_accounting numeric,
  add constraint rate_with_date check ((exchange_rate is null) = (exchange_date is null)),
  add constraint tax_rate_with_date check ((tax_exchange_rate is null) = (tax_exchange_date is null)
    and (tax_exchange_rate is null) = (tax_accounting is null));
do $$ declare old_sum text; begin
  select conname into strict old_sum from pg_constraint where conrelid = 'invoice'::regclass and contype = 'c'
    and pg_get_constraintdef(oid) like '%net = (lines_net + charges_net)%';
  execute format('alter table invoice drop constraint %I', old_sum);
end $$;
alter table invoice add constraint sums_up check (net = lines_net - allowances_net + charges_net and net >= 0);

drop trigger sealed on invoice;
alter table invoice no force row level security;
update invoice set earliest_due = issue_date + payment_days, base_date = issue_date,
  terms_due = issue_date + payment_days;
alter table invoice force row level security;
alter table invoice alter earliest_due set not null,
  add constraint base_with_day check ((base_date is null) = (terms_due is null));
create trigger sealed before update on invoice for each row when (old.state <> 'draft') execute function portal.sealed(
  'version', 'state', 'match_state', 'payable_on', 'base_date', 'terms_due', 'decided_by', 'decided_at', 'reason',
  'settled_by', 'settled_at', 'settled_on', 'settlement_reference');
comment on column invoice.base_date is 'When that happened from which the payment terms count; null: not yet.';
comment on column invoice.earliest_due is 'The earliest due date that the terms allowed when it was sent.';
comment on column invoice.late is 'An order was closed already when this came.';

alter table invoice_line add allowances jsonb not null default '[]', add charges jsonb not null default '[]',
  add charge numeric not null default 0 check (charge >= 0);
comment on column invoice_line.allowance is 'The sum of the line''s allowances (BG-27).';
comment on column invoice_line.charge is 'The sum of the line''s charges (BG-28).';
"""

CREDITS = """
create table credit_note (
  id uuid primary key, supplier_id uuid not null references organisation, buyer_id uuid not null references organisation,
  shown_to uuid check (shown_to is null or shown_to = buyer_id),
  supplier_name text not null, buyer_name text not null,
  invoice_id uuid not null references invoice, invoice_number text not null, invoice_date date not null,
  order_id uuid not null references purchase_order,
  number text not null check (length(number) between 1 and 100), number_key text not null,
  kind text not null check (kind in ('goods', 'price', 'whole')), reason text not null check (length(reason) > 0),
  version int not null default 1,
  state text not null default 'draft' check (state in ('draft', 'submitted', 'approved', 'rejected', 'settled')),
  currency text not null, issue_date date not null check (issue_date >= invoice_date),
  allowances jsonb not null default '[]', charges jsonb not null default '[]', taxes jsonb not null default '[]',
  lines_net numeric not null, allowances_net numeric not null default 0, charges_net numeric not null default 0,
  net numeric not null check (net = lines_net - allowances_net + charges_net), tax numeric not null,
  gross numeric not null check (gross = net + tax and scale(gross) <= 2 and abs(gross) < 1000000000000000),
  gross_minor bigint not null,
  own_currency text not null default '', exchange_rate numeric check (exchange_rate > 0),
  exchange_date date, exchange_source text not null default '',
  tax_currency text not null default '', tax_exchange_rate numeric check (tax_exchange_rate > 0),
  tax_exchange_date date, tax_exchange_source text not null default '', tax_accounting numeric,
  created_by uuid, created_at timestamptz not null, submitted_by uuid, submitted_at timestamptz,
  decided_by uuid, decided_at timestamptz, decision_reason text not null default '',
  settled_by uuid, settled_at timestamptz, settled_on date, settlement_reference text not null default '',
  search text not null default '',
  check ((state = 'draft') = (shown_to is null)), check ((state = 'draft') = (submitted_at is null)),
  check ((state = 'settled') = (settled_on is not null)));
create index credit_note_supplier on credit_note (supplier_id, created_at desc, id desc);
create index credit_note_buyer on credit_note (shown_to, created_at desc, id desc) where shown_to is not null;
create index credit_note_supplier_state on credit_note (supplier_id, state, created_at desc, id desc);
create index credit_note_buyer_state on credit_note (shown_to, state, created_at desc, id desc)
  where shown_to is not null;
create index credit_note_invoice on credit_note (invoice_id);
create unique index credit_note_number on credit_note (supplier_id, number_key) where state <> 'rejected';
call portal.protect('credit_note', '(select portal.organisation()) = any (array[supplier_id, shown_to])');
call portal.keep('credit_note', 'supplier_id', 'buyer_id', 'invoice_id', 'invoice_number', 'invoice_date', 'order_id',
  'currency', 'created_by');
grant delete on credit_note to portal_app;
create trigger legal_state before update of state on credit_note for each row execute function portal.legal_state(
  'draft>submitted', 'submitted>approved', 'submitted>rejected', 'approved>settled');
create trigger sealed before update on credit_note for each row when (old.state <> 'draft')
  execute function portal.sealed('version', 'state', 'decided_by', 'decided_at', 'decision_reason', 'settled_by', 'settled_at',
    'settled_on', 'settlement_reference');
create trigger kept before delete on credit_note for each row when (old.state <> 'draft')
  execute function portal.refuse_removal();

create table credit_note_line (
  id uuid primary key, credit_note_id uuid not null references credit_note, supplier_id uuid not null,
  buyer_id uuid not null, shown_to uuid, invoice_line_id uuid not null references invoice_line,
  order_id uuid not null references purchase_order, order_line_id uuid not null references purchase_order_line,
  line int not null check (line > 0), description text not null, item_number text not null default '',
  quantity numeric not null check (quantity > 0 and portal.decimal_ok(quantity, 6)), unit text not null,
  unit_price numeric not null check (unit_price >= 0 and portal.decimal_ok(unit_price, 8)),
  base_quantity numeric not null check (base_quantity > 0), price_unit text not null,
  price_factor numeric not null check (price_factor > 0), discount numeric not null check (discount between 0 and 100),
  allowance numeric not null default 0 check (allowance >= 0), charge numeric not null default 0 check (charge >= 0),
  net numeric not null check (net >= 0), booked numeric not null check (booked in (0, quantity)),
  tax_category text not null, tax_rate numeric not null,
  unique (credit_note_id, line) deferrable, unique (credit_note_id, invoice_line_id) deferrable);
create index credit_note_line_invoice_line on credit_note_line (invoice_line_id);
create index credit_note_line_order_line on credit_note_line (order_line_id);
create index credit_note_line_order on credit_note_line (order_id);
call portal.protect('credit_note_line', '(select portal.organisation()) = any (array[supplier_id, shown_to])');
call portal.keep('credit_note_line', 'credit_note_id', 'supplier_id', 'buyer_id', 'invoice_line_id', 'order_id',
  'order_line_id');
grant delete on credit_note_line to portal_app;
create trigger sealed before update on credit_note_line for each row when (old.shown_to is not null)
  execute function portal.refuse_change('what was sent');
create trigger kept before delete on credit_note_line for each row when (old.shown_to is not null)
  execute function portal.refuse_removal();
comment on column credit_note_line.booked is 'How much of it leaves the invoiced quantity: a lower price takes nothing.';

create table credit_note_snapshot (
  credit_note_id uuid primary key references credit_note, supplier_id uuid not null, shown_to uuid not null,
  submitted_at timestamptz not null, snapshot jsonb not null);
call portal.protect('credit_note_snapshot', '(select portal.organisation()) = any (array[supplier_id, shown_to])');
revoke update on credit_note_snapshot from portal_app;

create view portal.credited_beyond with (security_invoker = true) as
  select l.id as invoice_line_id, l.invoice_id from invoice_line l
  join credit_note_line c on c.invoice_line_id = l.id
  join credit_note n on n.id = c.credit_note_id and n.state not in ('draft', 'rejected')
  group by l.id, l.invoice_id having sum(c.net) > l.net or sum(c.booked) > l.quantity
  union all
  select null, i.id from invoice i join credit_note n on n.invoice_id = i.id and n.state not in ('draft', 'rejected')
  group by i.id having sum(n.gross) > i.gross or i.state in ('draft', 'rejected');
comment on view portal.credited_beyond is 'Invoices and lines of which more is credited than was billed: always empty.';
grant select on portal.credited_beyond to portal_app;
create view portal.credited_otherwise with (security_invoker = true) as
  select l.id, l.order_id, l.credited, coalesce(sum(c.booked), 0) as noted
  from purchase_order_line l join purchase_order o on o.id = l.order_id
  left join (credit_note_line c join credit_note n on n.id = c.credit_note_id and n.state not in ('draft', 'rejected'))
    on c.order_line_id = l.id
  where o.source is null group by l.id having l.credited <> coalesce(sum(c.booked), 0);
comment on view portal.credited_otherwise is
  'Order lines whose ledger differs from their credit notes: always empty but for migrated orders.';

create function portal.credits_fit() returns trigger language plpgsql as $$
begin
  if exists (select from portal.credited_beyond where invoice_id = case tg_table_name when 'invoice' then new.id
      else (to_jsonb(new) ->> 'invoice_id')::uuid end) then
    raise exception 'more is credited than was billed' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger credits_fit after update of state on credit_note deferrable initially deferred
  for each row when (new.state = 'submitted') execute function portal.credits_fit();
create constraint trigger credits_fit after update of state on invoice deferrable initially deferred
  for each row when (new.state = 'rejected') execute function portal.credits_fit();
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, AGREED + ORDERS + INVOICES + CREDITS)
