"""Imports: what was imported when, and the tables in which rows wait for their checks."""

from portal.platform.migrations import sql_migration

ID = "2026-11-21T09:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Import runs and staging tables"

RUNS = """
create table import_run (
  id uuid primary key, organisation_id uuid not null references organisation, name text not null, kind text not null
    check (kind in ('suppliers', 'items', 'prices', 'orders', 'receipts')),
  mapping text not null, files jsonb not null, counts jsonb not null,
  created_by uuid, created_at timestamptz not null, version int not null default 1);
create index import_run_newest on import_run (organisation_id, created_at desc, id desc);
call portal.protect('import_run', 'organisation_id = (select portal.organisation())');
revoke update on import_run from portal_app;
"""

# A staged row lives no longer than the transaction that imports it. The tables are no temporary ones: the right to
# make those would let the app's role put its own tables before those of the gate's functions.
STAGING = """
create unlogged table import_supplier (
  place int not null, digest text not null, kept jsonb not null, outcome text,
  number text, name text, country text, street text, city text, postal_code text, region text,
  registration_number text, vat_number text, gln text, email text, currency text, language text, time_zone text,
  state text, payment_days int, payment_terms text, response_days int, tier text, tags text[],
  id uuid, supplier_id uuid);

create unlogged table import_item (
  place int not null, digest text not null, kept jsonb not null, outcome text,
  number text, name text, unit text, category text, tax_category text, tax_rate numeric, gtin text, active boolean,
  id uuid);

create unlogged table import_price (
  place int not null, digest text not null, kept jsonb not null, outcome text,
  supplier text, item text, supplier_item_number text, currency text, unit_price numeric, base_quantity numeric,
  unit text, minimum_quantity numeric, maximum_quantity numeric, lead_time_days int, valid_from date, valid_to date,
  id uuid, supplier_id uuid, item_id uuid);

create unlogged table import_order (
  place int not null, digest text not null, kept jsonb not null, outcome text,
  number text, supplier text, state text, ordered_at timestamptz, currency text, issued_at timestamptz,
  closed_at timestamptz, note text, internal_note text, cost_centre text, purchasing_group text, payment_terms text,
  incoterm text, payment_days int, stated_net numeric,
  id uuid, supplier_id uuid, supplier_name text, decimals int, net numeric, tax numeric, unrounded numeric,
  goods boolean, receipt_status text, requested_date date, words text);

create unlogged table import_order_line (
  place int not null, digest text not null, kept jsonb not null,
  order_number text, key text, line int, item text, description text, quantity numeric, unit text, unit_price numeric,
  base_quantity numeric, price_unit text, discount numeric, tax_category text, tax_rate numeric,
  requested_date date, promised_date date, received numeric, accepted numeric, rejected numeric,
  id uuid not null default uuidv7(), item_id uuid, price_factor numeric not null default 1, net numeric);

create unlogged table import_receipt (
  place int not null, digest text not null, kept jsonb not null, outcome text,
  order_number text, line text, received numeric, accepted numeric, rejected numeric,
  order_id uuid, line_id uuid);

do $$ declare staging text; begin
  foreach staging in array array['import_supplier', 'import_item', 'import_price', 'import_order',
      'import_order_line', 'import_receipt'] loop
    execute format('alter table %I add organisation_id uuid not null default portal.organisation()', staging);
    call portal.protect(staging::regclass, 'organisation_id = (select portal.organisation())');
    execute format('grant delete on %I to portal_app', staging);
  end loop;
end $$;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, RUNS + STAGING)
