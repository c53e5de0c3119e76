"""Order lines keep which contract's price holds for them."""

from portal.platform.migrations import sql_migration

ID = "2026-11-28T07:00:00"
VERSION = "1.52.0"
DESCRIPTION = "Prices of contracts in orders"

# The contract's price stands in the line's own basis, so that a line that departs from it is recognised by its row.
PRICES = """
alter table purchase_order_line
  add column contract_id uuid references contract, add column term_id uuid references contract_term,
  add column contract_price numeric check (contract_price >= 0 and portal.decimal_ok(contract_price, 8)),
  add column priced_at timestamptz,
  add constraint priced_by_term check ((term_id is null) = (contract_price is null));
create index purchase_order_line_contract on purchase_order_line (contract_id) where contract_id is not null;
create index purchase_order_line_term on purchase_order_line (term_id) where term_id is not null;
alter table purchase_order add constraint purchase_order_contract foreign key (contract_id) references contract not valid;
create index purchase_order_of_contract on purchase_order (contract_id) where contract_id is not null;
create trigger contract_stays before update of contract_id, term_id, contract_price, priced_at on purchase_order_line
  for each row when (old.shown_to is not null and (old.contract_id, old.term_id, old.contract_price, old.priced_at)
    is distinct from (new.contract_id, new.term_id, new.contract_price, new.priced_at))
  execute function portal.refuse_change('the contract');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, PRICES)
