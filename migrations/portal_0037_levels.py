"""The levels of a tolerance below the company, reasons of holds, and the bounds of standings."""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T13:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Tolerances of items and orders, why suppliers are held, bounds of standings"

TOLERANCES = """
alter table item add tolerances jsonb not null default '{}' check (jsonb_typeof(tolerances) = 'object');
alter table purchase_order add tolerances jsonb not null default '{}' check (jsonb_typeof(tolerances) = 'object');
alter table purchase_order_line add tolerances jsonb not null default '{}' check (jsonb_typeof(tolerances) = 'object');
comment on column item.tolerances is 'By step; what is not there the supplier''s level says, then the company''s.';
comment on column purchase_order.tolerances is 'The nearest level: by step, for all lines of the order.';
comment on column purchase_order_line.tolerances is
  'What order and item said when the order was issued, by step, the order before the item: the supplier answers and '
  'bills under these, and under those of its own and of the company as they are then.';
create trigger tolerances_of_draft before update of tolerances on purchase_order for each row
  when (old.state <> 'draft' and old.tolerances is distinct from new.tolerances)
  execute function portal.refuse('an order that was submitted keeps its tolerances');
create trigger tolerances_issued before update of tolerances on purchase_order_line for each row
  when (old.shown_to is not null and old.tolerances is distinct from new.tolerances)
  execute function portal.refuse('an order that was issued keeps its tolerances');
"""

HOLDS = """
alter table trading_relationship add hold_reasons jsonb not null default '{}'
  check (jsonb_typeof(hold_reasons) = 'object');
comment on column trading_relationship.hold_reasons is
  'Why orders, invoices or payments are held, by what is held: the buyer''s own business.';
"""

BOUNDS = """
alter table organisation
  add score_standings jsonb check (jsonb_typeof(score_standings) = 'object'),
  add score_least_count int not null default 5 check (score_least_count between 1 and 1000),
  add score_least_coverage numeric not null default 60
    check (score_least_coverage between 0 and 100 and portal.decimal_ok(score_least_coverage, 4));
comment on column organisation.score_standings is 'From which score on a supplier is watched and is good; null: the usual.';
comment on column organisation.score_least_count is 'Below so many facts there is no standing.';
comment on column organisation.score_least_coverage is 'Below so much of the weights with data, in percent, neither.';
alter table supplier_score add bounds jsonb check (jsonb_typeof(bounds) = 'object');
comment on column supplier_score.bounds is 'By which bounds there is this standing, or none; null: the usual.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, TOLERANCES + HOLDS + BOUNDS)
