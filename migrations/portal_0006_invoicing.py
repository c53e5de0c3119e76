"""Invoices as the supplier wrote them, and where they differ from order and delivery."""

from portal.platform.migrations import sql_migration

ID = "2026-11-21T06:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Invoices, their lines and snapshots, match exceptions"

INVOICES = """
create table invoice (
  id uuid primary key,
  supplier_id uuid not null references organisation, buyer_id uuid not null references organisation,
  shown_to uuid check (shown_to is null or shown_to = buyer_id),
  supplier_name text not null, buyer_name text not null,
  order_id uuid not null references purchase_order, order_number text not null,
  despatch_advice_id uuid references despatch_advice,
  number text not null check (length(number) between 1 and 100), number_key text not null,
  override_reason text not null default '', version int not null default 1,
  state text not null default 'draft'
    check (state in ('draft', 'submitted', 'approved', 'disputed', 'rejected', 'settled')),
  match_state text not null default 'unmatched' check (match_state in ('unmatched', 'matched', 'exceptions')),
  currency text not null, tax_method text not null default 'per_rate' check (tax_method in ('per_rate', 'per_line')),
  issue_date date not null, due_date date not null check (due_date >= issue_date),
  payment_days int not null, payment_terms text not null default '', charges jsonb not null default '[]',
  lines_net numeric not null, charges_net numeric not null default 0 check (charges_net >= 0),
  net numeric not null check (net = lines_net + charges_net), tax numeric not null,
  gross numeric not null check (gross = net + tax and scale(gross) <= 2 and abs(gross) < 1000000000000000),
  gross_minor bigint not null,
  created_by uuid, created_at timestamptz not null, submitted_by uuid, submitted_at timestamptz,
  decided_by uuid, decided_at timestamptz, reason text not null default '',
  settled_by uuid, settled_at timestamptz, settled_on date, settlement_reference text not null default '',
  search text not null default '',
  check ((state = 'draft') = (shown_to is null)), check ((state = 'draft') = (submitted_at is null)),
  check ((state = 'settled') = (settled_on is not null)));
create index invoice_supplier on invoice (supplier_id, created_at desc, id desc);
create index invoice_supplier_state on invoice (supplier_id, state, created_at desc, id desc);
create index invoice_supplier_due on invoice (supplier_id, due_date desc, id desc);
create index invoice_supplier_gross on invoice (supplier_id, gross_minor desc, id desc);
create index invoice_buyer on invoice (shown_to, created_at desc, id desc) where shown_to is not null;
create index invoice_buyer_state on invoice (shown_to, state, created_at desc, id desc) where shown_to is not null;
create index invoice_buyer_due on invoice (shown_to, due_date desc, id desc) where shown_to is not null;
create index invoice_buyer_gross on invoice (shown_to, gross_minor desc, id desc) where shown_to is not null;
create index invoice_search on invoice using gin (supplier_id, search gin_trgm_ops);
create index invoice_search_buyer on invoice using gin (shown_to, search gin_trgm_ops);

-- A number is taken from the draft on and free again after a rejection. Taken twice needs the supplier's reason, and
-- the same day or the same amount is the same invoice whatever the reason.
create unique index invoice_number on invoice (supplier_id, buyer_id, number_key)
  where state <> 'rejected' and override_reason = '';
create unique index invoice_number_date on invoice (supplier_id, buyer_id, number_key, issue_date)
  where state <> 'rejected';
create unique index invoice_number_gross on invoice (supplier_id, buyer_id, number_key, currency, gross_minor)
  where state <> 'rejected';

call portal.protect('invoice', '(select portal.organisation()) = any (array[supplier_id, shown_to])');
call portal.keep('invoice', 'supplier_id', 'buyer_id', 'order_id', 'order_number', 'currency', 'created_by');
grant delete on invoice to portal_app;
create trigger legal_state before update of state on invoice for each row execute function portal.legal_state(
  'draft>submitted', 'submitted>approved', 'submitted>disputed', 'submitted>rejected',
  'disputed>approved', 'disputed>rejected', 'approved>settled');
create trigger sealed before update on invoice for each row when (old.state <> 'draft') execute function portal.sealed(
  'version', 'state', 'match_state', 'decided_by', 'decided_at', 'reason',
  'settled_by', 'settled_at', 'settled_on', 'settlement_reference');
create trigger kept before delete on invoice for each row when (old.state <> 'draft')
  execute function portal.refuse_removal();
"""

LINES = """
create table invoice_line (
  id uuid primary key, invoice_id uuid not null references invoice, supplier_id uuid not null, buyer_id uuid not null,
  shown_to uuid, order_id uuid not null references purchase_order,
  order_line_id uuid not null references purchase_order_line, line int not null check (line > 0),
  description text not null, item_number text not null default '',
  quantity numeric not null check (quantity > 0 and portal.decimal_ok(quantity, 6)), unit text not null,
  unit_price numeric not null check (unit_price >= 0 and portal.decimal_ok(unit_price, 8)),
  base_quantity numeric not null check (base_quantity > 0), price_unit text not null,
  price_factor numeric not null check (price_factor > 0), discount numeric not null check (discount between 0 and 100),
  allowance numeric not null default 0 check (allowance >= 0), net numeric not null,
  tax_category text not null, tax_rate numeric not null check (tax_rate between 0 and 100),
  unique (invoice_id, line) deferrable, unique (invoice_id, order_line_id) deferrable);
create index invoice_line_order on invoice_line (order_id);
create index invoice_line_order_line on invoice_line (order_line_id);
call portal.protect('invoice_line', '(select portal.organisation()) = any (array[supplier_id, shown_to])');
call portal.keep('invoice_line', 'invoice_id', 'supplier_id', 'buyer_id', 'order_id', 'order_line_id');
grant delete on invoice_line to portal_app;
create trigger sealed before update on invoice_line for each row when (old.shown_to is not null)
  execute function portal.refuse_change('what was sent');
create trigger kept before delete on invoice_line for each row when (old.shown_to is not null)
  execute function portal.refuse_removal();
create function portal.refuse_late_line() returns trigger language plpgsql as $$
begin
  if exists (select from invoice where id = new.invoice_id and shown_to is not null) then
    raise exception 'a submitted invoice gets no more lines' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger none_added before insert on invoice_line for each row execute function portal.refuse_late_line();

create table invoice_snapshot (
  invoice_id uuid primary key references invoice, supplier_id uuid not null, shown_to uuid not null,
  submitted_at timestamptz not null, snapshot jsonb not null);
call portal.protect('invoice_snapshot', '(select portal.organisation()) = any (array[supplier_id, shown_to])');
revoke update on invoice_snapshot from portal_app;
"""

MATCH = """
-- The buyer's findings; the supplier sees them as what its payment waits for. `tolerance` and `resolution_reason` are
-- the buyer's own business: they never go into the supplier's side of the log, nor to its pages.
create table match_exception (
  id uuid primary key, invoice_id uuid not null references invoice, buyer_id uuid not null, supplier_id uuid not null,
  shown_to uuid, order_id uuid references purchase_order, line int,
  kind text not null check (kind in ('quantity', 'price', 'tax', 'charge', 'total')),
  expected text not null, actual text not null, tolerance jsonb, owner_role text not null,
  resolution text not null default 'open' check (resolution in ('open', 'accepted', 'cleared', 'rejected')),
  resolution_reason text not null default '', resolved_by uuid, resolved_at timestamptz,
  created_at timestamptz not null, version int not null default 1,
  check ((resolution = 'open') = (resolved_at is null)));
create unique index match_exception_open on match_exception (invoice_id, kind, coalesce(line, 0))
  where resolution = 'open';
create index match_exception_invoice on match_exception (invoice_id);
call portal.protect('match_exception', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
call portal.keep('match_exception', 'invoice_id', 'buyer_id', 'supplier_id', 'kind', 'line');

create view portal.invoiced_otherwise with (security_invoker = true) as
  select l.id, l.order_id, l.invoiced, coalesce(sum(b.quantity), 0) as billed
  from purchase_order_line l join purchase_order o on o.id = l.order_id
  left join (invoice_line b join invoice i on i.id = b.invoice_id and i.state not in ('draft', 'rejected'))
    on b.order_line_id = l.id
  where o.source is null group by l.id having l.invoiced <> coalesce(sum(b.quantity), 0);
comment on view portal.invoiced_otherwise is
  'Order lines whose ledger differs from their invoices: always empty but for migrated orders.';
"""

SEARCH = """
call portal.open_to_gate('invoice', 'select');
create function portal.find_invoices(words text[], side text, most int) returns setof uuid
  language plpgsql stable security definer set search_path = public, portal as $$
begin
  if side = 'supplier' then
    return query select id from invoice i
      where i.supplier_id = portal.organisation() and i.search like all (words) order by created_at desc limit most;
  else
    return query select id from invoice i
      where i.shown_to = portal.organisation() and i.search like all (words) order by created_at desc limit most;
  end if;
end $$;
alter function portal.find_invoices(text[], text, int) owner to portal_gate;
revoke execute on function portal.find_invoices(text[], text, int) from public;
grant execute on function portal.find_invoices(text[], text, int) to portal_app;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, INVOICES + LINES + MATCH + SEARCH)
