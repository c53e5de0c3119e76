"""Catalogue and purchase orders with their quantity ledger."""

from portal.platform.migrations import sql_migration

ID = "2026-11-21T03:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Items, supplier prices, purchase orders, lines, schedule lines, responses, revisions"

CATALOGUE = """
create function portal.decimal_ok(value numeric, places int) returns boolean language sql immutable parallel safe
  return value is null or (scale(value) <= places and abs(value) < 1000000000000 and value = value and value <> 'NaN');

create table item (
  id uuid primary key, organisation_id uuid not null references organisation, number text not null,
  name text not null check (length(name) between 1 and 300), unit text not null, category text not null default '',
  tax_category text not null default 'S', tax_rate numeric not null default 0, gtin text not null default '',
  active boolean not null default true, search text not null default '', source jsonb,
  version int not null default 1, created_at timestamptz not null default now(),
  unique (organisation_id, number));
create index item_newest on item (organisation_id, created_at desc, id desc);
call portal.protect('item', 'organisation_id = (select portal.organisation())');

create table supplier_price (
  id uuid primary key, buyer_id uuid not null references organisation, supplier_id uuid not null references organisation,
  shown_to uuid, item_id uuid not null references item, supplier_item_number text not null default '',
  currency text not null, unit_price numeric not null check (unit_price >= 0 and portal.decimal_ok(unit_price, 8)),
  base_quantity numeric not null default 1 check (base_quantity > 0 and portal.decimal_ok(base_quantity, 6)),
  unit text not null, minimum_quantity numeric check (portal.decimal_ok(minimum_quantity, 6)),
  maximum_quantity numeric check (portal.decimal_ok(maximum_quantity, 6)), lead_time_days int check (lead_time_days >= 0),
  valid_from date, valid_to date, source jsonb, version int not null default 1,
  created_at timestamptz not null default now(), check (valid_to is null or valid_from is null or valid_to >= valid_from));
create unique index supplier_price_key
  on supplier_price (buyer_id, supplier_id, item_id, coalesce(valid_from, date '0001-01-01'), coalesce(minimum_quantity, 0));
create index supplier_price_item on supplier_price (item_id, supplier_id);
create index supplier_price_supplier on supplier_price (supplier_id, buyer_id);
call portal.protect('supplier_price', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
"""

ORDERS = """
create table purchase_order (
  id uuid primary key, buyer_id uuid not null references organisation, supplier_id uuid not null references organisation,
  shown_to uuid check (shown_to is null or shown_to = supplier_id),
  buyer_name text not null, supplier_name text not null,
  number text not null, revision int not null default 1, version int not null default 1,
  state text not null default 'draft' check (state in ('draft', 'in_approval', 'approved', 'issued', 'accepted',
    'conditionally_accepted', 'rejected', 'closed', 'cancelled')),
  on_hold boolean not null default false, hold_reason text not null default '',
  kind text not null default 'standard', currency text not null, note text not null default '',
  internal_note text not null default '', site_id uuid references site, ship_to jsonb not null default '{}',
  cost_centre text not null default '', purchasing_group text not null default '', contract_id uuid,
  payment_terms text not null default '', payment_days int not null default 30, incoterm text not null default '',
  net numeric not null default 0, tax numeric not null default 0, gross numeric not null default 0,
  gross_minor bigint not null default 0,
  receipt_status text not null default 'none' check (receipt_status in ('none', 'partial', 'complete')),
  despatch_status text not null default 'none' check (despatch_status in ('none', 'partial', 'complete')),
  invoice_status text not null default 'none' check (invoice_status in ('none', 'partial', 'complete')),
  requested_date date, response_due_at timestamptz,
  created_by uuid, created_at timestamptz not null, submitted_by uuid, submitted_at timestamptz,
  approved_by uuid, approved_at timestamptz, issued_by uuid, issued_at timestamptz,
  viewed_at timestamptz, acknowledged_at timestamptz, responded_at timestamptz, closed_at timestamptz,
  cancelled_at timestamptz, reason text not null default '', search text not null default '', source jsonb,
  unique (buyer_id, number),
  check (shown_to is not null or state in ('draft', 'in_approval', 'approved', 'cancelled')),
  check (gross = net + tax));
create index purchase_order_buyer on purchase_order (buyer_id, created_at desc, id desc);
create index purchase_order_supplier on purchase_order (shown_to, created_at desc, id desc) where shown_to is not null;
create index purchase_order_buyer_state on purchase_order (buyer_id, state, created_at desc, id desc);
create index purchase_order_supplier_state on purchase_order (shown_to, state, created_at desc, id desc)
  where shown_to is not null;
create index purchase_order_pair on purchase_order (supplier_id, buyer_id, created_at desc, id desc);
create index purchase_order_buyer_date on purchase_order (buyer_id, requested_date desc, id desc);
create index purchase_order_supplier_date on purchase_order (shown_to, requested_date desc, id desc)
  where shown_to is not null;
create index purchase_order_buyer_gross on purchase_order (buyer_id, gross_minor desc, id desc);
create index purchase_order_supplier_gross on purchase_order (shown_to, gross_minor desc, id desc)
  where shown_to is not null;
create index purchase_order_supplier_due on purchase_order (shown_to, response_due_at) where state = 'issued';
call portal.protect('purchase_order', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
call portal.keep('purchase_order', 'buyer_id', 'supplier_id', 'number', 'created_by');
create trigger legal_state before update of state on purchase_order for each row execute function portal.legal_state(
  'draft>in_approval', 'in_approval>draft', 'in_approval>approved', 'approved>issued',
  'issued>accepted', 'issued>conditionally_accepted', 'issued>rejected',
  'conditionally_accepted>accepted', 'conditionally_accepted>issued',
  'issued>closed', 'accepted>closed', 'conditionally_accepted>closed', 'rejected>closed',
  'draft>cancelled', 'in_approval>cancelled', 'approved>cancelled', 'issued>cancelled', 'accepted>cancelled',
  'conditionally_accepted>cancelled', 'rejected>cancelled');

create table purchase_order_line (
  id uuid primary key, order_id uuid not null references purchase_order, buyer_id uuid not null, supplier_id uuid not null,
  shown_to uuid, line int not null check (line > 0), kind text not null default 'goods'
    check (kind in ('goods', 'service', 'limit', 'charge')),
  item_id uuid references item, item_number text not null default '', description text not null
    check (length(description) between 1 and 1000),
  quantity numeric not null check (quantity > 0 and portal.decimal_ok(quantity, 6)), unit text not null,
  unit_price numeric not null check (unit_price >= 0 and portal.decimal_ok(unit_price, 8)),
  base_quantity numeric not null default 1 check (base_quantity > 0 and portal.decimal_ok(base_quantity, 6)),
  price_unit text not null, price_factor numeric not null default 1 check (price_factor > 0),
  discount numeric not null default 0 check (discount between 0 and 100),
  net numeric not null, tax_category text not null, tax_rate numeric not null check (tax_rate between 0 and 100),
  requested_date date, promised_date date, ship_to jsonb, substitute_item text not null default '',
  free_of_charge boolean not null default false, short_closed boolean not null default false,
  confirmed numeric not null default 0, despatched numeric not null default 0, in_inspection numeric not null default 0,
  received numeric not null default 0, accepted numeric not null default 0, rejected numeric not null default 0,
  returned numeric not null default 0, returned_for_replacement numeric not null default 0,
  invoiced numeric not null default 0, credited numeric not null default 0,
  despatch_ceiling numeric, receive_ceiling numeric, invoice_ceiling numeric, source jsonb,
  unique (order_id, line),
  constraint ledger_received check (accepted + rejected + in_inspection = received),
  constraint ledger_not_negative check (least(confirmed, despatched, in_inspection, received, accepted, rejected,
    returned, returned_for_replacement, invoiced, credited) >= 0),
  constraint ledger_receive_ceiling check (receive_ceiling is null or received - returned_for_replacement <= receive_ceiling),
  constraint ledger_despatch_ceiling check (despatch_ceiling is null or despatched <= despatch_ceiling),
  constraint ledger_invoice_ceiling check (invoice_ceiling is null or invoiced - credited <= invoice_ceiling),
  constraint ledger_returned check (returned <= received and returned_for_replacement <= returned));
create index purchase_order_line_item on purchase_order_line (item_id) where item_id is not null;
call portal.protect('purchase_order_line', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
call portal.keep('purchase_order_line', 'order_id', 'buyer_id', 'supplier_id');
grant delete on purchase_order_line to portal_app;
comment on constraint ledger_receive_ceiling on purchase_order_line is
  'Ceilings are frozen at issue: ordered quantity plus the step''s tolerance; null is the explicit unlimited.';

create table schedule_line (
  id uuid primary key, line_id uuid not null references purchase_order_line on delete cascade,
  order_id uuid not null references purchase_order,
  buyer_id uuid not null, supplier_id uuid not null, shown_to uuid, sequence int not null,
  quantity numeric not null check (quantity > 0 and portal.decimal_ok(quantity, 6)),
  requested_date date, promised_date date, unique (line_id, sequence));
create index schedule_line_order on schedule_line (order_id);
call portal.protect('schedule_line', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
grant delete on schedule_line to portal_app;

create table order_response (
  id uuid primary key, order_id uuid not null references purchase_order, buyer_id uuid not null, supplier_id uuid not null,
  shown_to uuid, revision int not null, code text not null check (code in ('AB', 'AP', 'CA', 'RE')),
  state text not null check (state in ('recorded', 'pending', 'accepted', 'declined', 'stale')),
  reason text not null default '', created_by uuid, created_at timestamptz not null,
  decided_by uuid, decided_at timestamptz, decision_reason text not null default '', version int not null default 1);
create index order_response_order on order_response (order_id, created_at);
create unique index order_response_one_open on order_response (order_id) where state = 'pending';
call portal.protect('order_response', '(select portal.organisation()) = any (array[supplier_id, shown_to])');
create trigger legal_state before update of state on order_response for each row
  execute function portal.legal_state('pending>accepted', 'pending>declined', 'pending>stale');

create table order_response_line (
  id uuid primary key, response_id uuid not null references order_response, order_id uuid not null,
  supplier_id uuid not null, shown_to uuid, line int not null, sequence int not null,
  code text not null check (code in ('1', '3', '5', '7', '42')),
  quantity numeric check (quantity >= 0 and portal.decimal_ok(quantity, 6)),
  unit_price numeric check (unit_price >= 0 and portal.decimal_ok(unit_price, 8)),
  promised_date date, substitute_item text not null default '', reason text not null default '',
  unique (response_id, line, sequence));
call portal.protect('order_response_line', '(select portal.organisation()) = any (array[supplier_id, shown_to])');

create table order_revision (
  order_id uuid not null references purchase_order, revision int not null, buyer_id uuid not null, shown_to uuid,
  issued_at timestamptz not null, snapshot jsonb not null, primary key (order_id, revision));
call portal.protect('order_revision', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
revoke update on order_revision from portal_app;
"""

SEARCH = """
create extension if not exists pg_trgm;
create extension if not exists btree_gin;
create index purchase_order_search on purchase_order using gin (buyer_id, search gin_trgm_ops);
create index purchase_order_search_supplier on purchase_order using gin (shown_to, search gin_trgm_ops);
create index item_search on item using gin (organisation_id, search gin_trgm_ops);
call portal.open_to_gate('purchase_order', 'select');
call portal.open_to_gate('item', 'select');

-- Row-level security lets an index serve only leakproof operators, and LIKE is none. The gate searches, for the
-- organisation of the transaction and no other, and gives back ids that row-level security then filters once more.
create function portal.find_orders(words text[], side text, most int) returns setof uuid
  language plpgsql stable security definer set search_path = public, portal as $$
begin
  if side = 'supplier' then
    return query select id from purchase_order o
      where o.shown_to = portal.organisation() and o.search like all (words) order by created_at desc limit most;
  else
    return query select id from purchase_order o
      where o.buyer_id = portal.organisation() and o.search like all (words) order by created_at desc limit most;
  end if;
end $$;

create function portal.find_items(words text[], most int) returns setof uuid
  language sql stable security definer set search_path = public, portal as $$
  select id from item i where i.organisation_id = portal.organisation() and i.search like all (words)
  order by number limit most $$;
do $$ declare gated regprocedure; begin
  foreach gated in array array['portal.find_orders(text[],text,int)', 'portal.find_items(text[],int)']::regprocedure[] loop
    execute format('alter function %s owner to portal_gate', gated);
    execute format('revoke execute on function %s from public', gated);
    execute format('grant execute on function %s to portal_app', gated);
  end loop;
end $$;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, CATALOGUE + ORDERS + SEARCH)
