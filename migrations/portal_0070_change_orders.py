"""Changes of issued orders: what either side proposes, and the next revision that the buyer issues."""

from portal.platform.migrations import sql_migration

ID = "2026-11-27T10:00:00"
VERSION = "1.50.0"
DESCRIPTION = "Proposed changes of orders; an answered order is issued again as its next revision"

CHANGES = """
create table order_change (
  id uuid primary key, order_id uuid not null references purchase_order, buyer_id uuid not null, supplier_id uuid not null,
  author_id uuid not null check (author_id in (buyer_id, supplier_id)),
  shown_to uuid check (shown_to in (buyer_id, supplier_id) and shown_to <> author_id),
  number text not null, revision int not null check (revision > 0), becomes int check (becomes > revision),
  state text not null check (state in ('proposed', 'approved', 'accepted', 'declined', 'withdrawn', 'stale')),
  reason text not null default '', note text, ship_to jsonb,
  currency text not null, before numeric not null, gross numeric not null, differences jsonb not null,
  created_by uuid, created_at timestamptz not null, approved_by uuid, approved_at timestamptz,
  decided_by uuid, decided_at timestamptz, decision_reason text not null default '', version int not null default 1,
  constraint supplier_keeps_nothing_back check (author_id = buyer_id or shown_to is not null),
  constraint approver_is_another check (approved_by is null or approved_by is distinct from created_by));
comment on table order_change is
  'What one side wants to be different in an issued order. The supplier sees the buyer''s when it is approved.';
comment on column order_change.revision is 'The revision that it would change; becomes is the one that it led to.';
comment on column order_change.before is 'What that revision came to, tax included; gross is what it would come to.';
comment on column order_change.differences is 'What differs, field by field, from the order as it was then.';
create index order_change_order on order_change (order_id, created_at);
create unique index order_change_one_open on order_change (order_id, author_id) where state = 'proposed';
call portal.protect('order_change', '(select portal.organisation()) = any (array[author_id, shown_to])');
create policy scope on order_change as restrictive for select to portal_scoped
  using (exists (select from purchase_order o where o.id = order_id));
create trigger legal_state before update of state on order_change for each row execute function portal.legal_state(
  'proposed>approved', 'proposed>accepted', 'proposed>declined', 'proposed>withdrawn', 'proposed>stale',
  'approved>accepted', 'approved>declined', 'approved>stale');
create trigger sealed before update on order_change for each row when (old.state in ('proposed', 'approved'))
  execute function portal.sealed('version', 'state', 'shown_to', 'becomes', 'approved_by', 'approved_at', 'decided_by',
    'decided_at', 'decision_reason');
create trigger final before update on order_change for each row when (old.state not in ('proposed', 'approved'))
  execute function portal.refuse_change('a change that waits for nobody');
create trigger shown_for_good before update of shown_to on order_change for each row
  when (old.shown_to is not null and new.shown_to is distinct from old.shown_to)
  execute function portal.refuse_change('shown_to');

create table order_change_line (
  id uuid primary key, change_id uuid not null references order_change, order_id uuid not null,
  buyer_id uuid not null, supplier_id uuid not null, author_id uuid not null, shown_to uuid,
  line int not null check (line > 0), sequence int not null check (sequence > 0),
  code text not null check (code in ('1', '3', '7')),
  quantity numeric check (quantity > 0 and portal.decimal_ok(quantity, 6)),
  unit_price numeric check (unit_price >= 0 and portal.decimal_ok(unit_price, 8)),
  requested_date date, promised_date date, substitute_item text not null default '', reason text not null default '',
  added jsonb check ((added is not null) = (code = '1')), unique (change_id, line, sequence));
comment on column order_change_line.added is 'The line that is to be added, as it was entered.';
call portal.protect('order_change_line', '(select portal.organisation()) = any (array[author_id, shown_to])');
create policy scope on order_change_line as restrictive for select to portal_scoped
  using (exists (select from purchase_order o where o.id = order_id));
call portal.keep('order_change_line', 'id', 'change_id', 'order_id', 'line', 'sequence', 'code', 'quantity',
  'unit_price', 'requested_date', 'promised_date', 'substitute_item', 'reason', 'added', 'buyer_id', 'supplier_id',
  'author_id');
create trigger shown_for_good before update of shown_to on order_change_line for each row
  when (old.shown_to is not null and new.shown_to is distinct from old.shown_to)
  execute function portal.refuse_change('shown_to');
create function portal.proposed_together() returns trigger language plpgsql as $$
begin
  if exists (select from added a where not exists (select from order_change c where c.id = a.change_id
      and portal.written_now(c.xmin) and c.decided_at is null)) then
    raise exception 'a change that was proposed gets no more lines' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger together after insert on order_change_line referencing new table as added
  for each statement execute function portal.proposed_together();
"""

# An answered order is issued again by its buyer, as the next revision and in no other way.
AGAIN = """
drop trigger legal_state on purchase_order;
create trigger legal_state before update of state on purchase_order for each row execute function portal.legal_state(
  'draft>in_approval', 'in_approval>draft', 'in_approval>approved', 'approved>issued',
  'issued>accepted', 'issued>conditionally_accepted', 'issued>rejected',
  'conditionally_accepted>accepted', 'conditionally_accepted>issued', 'accepted>issued', 'rejected>issued',
  'issued>closed', 'accepted>closed', 'conditionally_accepted>closed', 'rejected>closed',
  'draft>cancelled', 'in_approval>cancelled', 'approved>cancelled', 'issued>cancelled', 'accepted>cancelled',
  'conditionally_accepted>cancelled', 'rejected>cancelled');
create trigger issued_again before update of state on purchase_order for each row
  when (old.state in ('accepted', 'rejected') and new.state = 'issued'
    and (new.revision <> old.revision + 1 or new.buyer_id is distinct from portal.organisation()))
  execute function portal.refuse('an answered order is issued again by its buyer, as its next revision');

-- A line is taken off by closing it at nothing, also where the supplier had not agreed to the order.
create or replace function portal.closes_short() returns trigger language plpgsql as $$
begin
  if new.buyer_id is distinct from portal.organisation() or not exists (
      select from purchase_order where id = new.order_id and not on_hold
        and (state in ('issued', 'accepted') or state = 'closed' and portal.written_now(xmin)
          or state in ('conditionally_accepted', 'rejected') and new.closed_to = 0)) then
    raise exception 'the buyer closes lines of an order that goes on' using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- A delivery that was agreed once and is wanted no more keeps its row, and what is known of it.
alter table schedule_line drop constraint schedule_line_quantity_check,
  add constraint schedule_line_quantity_check check (quantity >= 0 and portal.decimal_ok(quantity, 6));
"""

# Of what the buyer wants less, nothing was promised and missed.
FACTS = """
drop trigger first_promise on schedule_fact;
create trigger first_promise before update of first_date, first_quantity on schedule_fact for each row
  when (old.first_quantity is not null and
    (old.first_quantity, old.first_date) is distinct from (new.first_quantity, new.first_date)
    and not (new.first_quantity < old.first_quantity and new.first_date is not distinct from old.first_date
      and new.buyer_id = portal.organisation()))
  execute function portal.refuse_change('the first promise');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, CHANGES + AGAIN + FACTS)
