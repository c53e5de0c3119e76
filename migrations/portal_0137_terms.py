"""Prices of a contract by days, what late deliveries cost, and what is held back from invoices."""

from portal.platform.migrations import sql_migration

ID = "2026-11-29T23:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Terms of contracts"

TERMS = """
alter table contract add column price_day text not null default 'order_date'
    check (price_day in ('order_date', 'delivery_date')),
  add column late_rate numeric check (late_rate > 0 and late_rate <= 100 and portal.decimal_ok(late_rate, 4)),
  add column late_per text not null default 'day' check (late_per in ('day', 'week')),
  add column late_grace int not null default 0 check (late_grace between 0 and 90),
  add column late_cap numeric check (late_cap > 0 and late_cap <= 100 and portal.decimal_ok(late_cap, 4)),
  add column retention numeric not null default 0 check (retention between 0 and 100 and portal.decimal_ok(retention, 4)),
  add constraint cap_of_a_rate check (late_cap is null or late_rate is not null);
"""
DAYS = """
alter table contract_term add column valid_from date, add column valid_to date,
  add constraint ends_after_it_begins check (valid_from <= valid_to),
  drop constraint contract_term_contract_id_item_id_minimum_quantity_key;
create unique index contract_term_begins on contract_term (contract_id, item_id, minimum_quantity, valid_from)
  nulls not distinct;
create function portal.terms_apart() returns trigger language plpgsql as $$
begin
  if exists (select from added n join contract_term t on t.contract_id = n.contract_id and t.item_id = n.item_id
      and t.minimum_quantity = n.minimum_quantity and t.id <> n.id
      and daterange(t.valid_from, t.valid_to, '[]') && daterange(n.valid_from, n.valid_to, '[]')) then
    raise exception 'two prices of a contract hold on the same day' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger terms_apart after insert on contract_term referencing new table as added
  for each statement execute function portal.terms_apart();
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, TERMS + DAYS)
