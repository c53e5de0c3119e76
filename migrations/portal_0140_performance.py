"""What is to be performed under a contract: service levels, deliverables and planned deliveries."""

from portal.platform.migrations import sql_migration

ID = "2026-11-30T02:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Performance under contracts"

# Written while the contract is open, as its prices and clauses are, and kept from then on.
PARTS = """
create table contract_service_level (
  id uuid primary key, contract_id uuid not null references contract, buyer_id uuid not null, supplier_id uuid not null,
  shown_to uuid, position int not null check (position > 0), measure text not null check (measure <> ''),
  least numeric not null check (least > 0 and least <= 100 and portal.decimal_ok(least, 4)),
  remedy text not null default '',
  unique (contract_id, position), unique (contract_id, measure), check (shown_to is null or shown_to = supplier_id));
call portal.protect('contract_service_level', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
create trigger sealed before update on contract_service_level for each row execute function portal.sealed('shown_to');
grant delete on contract_service_level to portal_app;
create trigger of_open_contract before insert or update or delete on contract_service_level for each row
  execute function portal.of_open_contract();
comment on table contract_service_level is 'How good a supplier''s deliveries are to be, measured as scorecards are.';

create table contract_delivery (
  id uuid primary key, contract_id uuid not null references contract, buyer_id uuid not null, supplier_id uuid not null,
  shown_to uuid, position int not null check (position > 0), item_id uuid not null references item,
  item_number text not null, description text not null, unit text not null,
  quantity numeric not null check (quantity > 0 and portal.decimal_ok(quantity, 6)), due_on date not null,
  unique (contract_id, position), unique (contract_id, item_id, due_on),
  check (shown_to is null or shown_to = supplier_id));
create index contract_delivery_item on contract_delivery (item_id);
call portal.protect('contract_delivery', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
create trigger sealed before update on contract_delivery for each row execute function portal.sealed('shown_to');
grant delete on contract_delivery to portal_app;
create trigger of_open_contract before insert or update or delete on contract_delivery for each row
  execute function portal.of_open_contract();
comment on table contract_delivery is 'When how much of an item is planned to be delivered; orders call it off.';
"""

# The state of a deliverable is that of the row in which it was first written: amendments copy its words, and point at it.
DELIVERABLES = """
create table contract_deliverable (
  id uuid primary key, contract_id uuid not null references contract, buyer_id uuid not null, supplier_id uuid not null,
  shown_to uuid, position int not null check (position > 0), version int not null default 1,
  first_id uuid not null references contract_deliverable,
  title text not null check (title <> ''), detail text not null default '', due_on date not null,
  state text not null default 'due' check (state in ('due', 'delivered', 'accepted')),
  said text not null default '', delivered_by uuid, delivered_at timestamptz,
  objection text not null default '', judged_by uuid, judged_at timestamptz,
  unique (contract_id, position), unique (contract_id, first_id), check (shown_to is null or shown_to = supplier_id),
  constraint state_of_the_first check (first_id = id or (state = 'due' and delivered_at is null and judged_at is null)),
  constraint delivered_when check (state = 'due' or delivered_at is not null),
  constraint accepted_when check (state <> 'accepted' or judged_at is not null));
create index contract_deliverable_first on contract_deliverable (first_id);
call portal.protect('contract_deliverable', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
create trigger legal_state before update of state on contract_deliverable for each row execute function
  portal.legal_state('due>delivered', 'delivered>accepted', 'delivered>due');
create trigger sealed before update on contract_deliverable for each row execute function portal.sealed('shown_to',
  'version', 'state', 'said', 'delivered_by', 'delivered_at', 'objection', 'judged_by', 'judged_at');
grant delete on contract_deliverable to portal_app;
create trigger of_open_contract before insert or delete on contract_deliverable for each row
  execute function portal.of_open_contract();
create trigger delivered_by_supplier before update on contract_deliverable for each row
  when (portal.organisation() is distinct from new.supplier_id
    and ((old.said, old.delivered_by, old.delivered_at)
      is distinct from (new.said, new.delivered_by, new.delivered_at) or old.state <> 'delivered'
      and new.state = 'delivered'))
  execute function portal.refuse('the supplier says itself what it delivered');
create trigger judged_by_buyer before update on contract_deliverable for each row
  when (portal.organisation() is distinct from new.buyer_id
    and ((old.judged_by, old.judged_at) is distinct from (new.judged_by, new.judged_at) or old.state = 'delivered'
      and new.state <> 'delivered'))
  execute function portal.refuse('the buyer judges what was delivered');
comment on table contract_deliverable is 'What a supplier owes beside goods on order, such as drawings or trainings.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, PARTS + DELIVERABLES)
