"""What was ordered, answered and booked stays: the database refuses by itself whatever has no legal way."""

from portal.platform.migrations import sql_migration

ID = "2026-11-22T15:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Settled orders, answers, receipts and facts; numbers that only rise; nobody lists all tenants"

# `changed` is the condition of a trigger: any column differs but those that move by themselves.
SETTLING = """
create function portal.changed(guarded regclass, variadic moving text[]) returns text language sql stable as $$
  select format('(%s) is distinct from (%s)', string_agg(format('old.%I', attname), ', ' order by attnum),
    string_agg(format('new.%I', attname), ', ' order by attnum))
  from pg_attribute where attrelid = guarded and attnum > 0 and not attisdropped and attname <> all (moving) $$;

create function portal.written_now(written xid) returns boolean language sql stable
  return written = pg_current_xact_id()::xid;
comment on function portal.written_now is 'Of a row''s xmin: whether this very transaction wrote the row.';

create function portal.refuse() returns trigger language plpgsql as $$
begin
  raise exception '%', tg_argv[0] using errcode = 'check_violation';
end $$;

create function portal.frozen_now(which uuid) returns boolean language sql stable as $$
  select exists (select from purchase_order o join order_revision r on r.order_id = o.id and r.revision = o.revision
    where o.id = which and portal.written_now(r.xmin)) $$;
comment on function portal.frozen_now is 'Whether this transaction froze the order''s present revision.';
"""

ORDERS = """
call portal.keep('purchase_order', 'source', 'created_at');
call portal.keep('order_response', 'order_id', 'buyer_id', 'supplier_id');

create trigger begins_as_draft before insert on purchase_order for each row when (new.source is null and (
    new.state <> 'draft' or new.revision <> 1 or new.on_hold or new.receipt_status <> 'none'
    or new.despatch_status <> 'none' or new.invoice_status <> 'none' or num_nonnulls(new.shown_to, new.submitted_by,
      new.submitted_at, new.approved_by, new.approved_at, new.issued_by, new.issued_at, new.viewed_at,
      new.acknowledged_at, new.responded_at, new.closed_at, new.cancelled_at) > 0))
  execute function portal.refuse('an order begins as a draft');

do $$ begin
  execute format($make$create trigger settled before update on purchase_order for each row
    when (old.state <> 'draft' and new.revision = old.revision and %s)
    execute function portal.refuse('an order that was submitted changes by a new revision')$make$,
    portal.changed('purchase_order', 'version', 'revision', 'state', 'on_hold', 'hold_reason', 'receipt_status',
      'despatch_status', 'invoice_status', 'response_due_at', 'submitted_by', 'submitted_at', 'approved_by',
      'approved_at', 'issued_by', 'issued_at', 'viewed_at', 'acknowledged_at', 'responded_at', 'closed_at',
      'cancelled_at', 'reason', 'return_reason', 'shown_to', 'search', 'internal_note', 'approved_gross',
      'approved_ceiling'));
end $$;
create trigger counts_up before update of revision on purchase_order for each row
  when (new.revision <> old.revision and (new.revision <> old.revision + 1 or old.shown_to is null))
  execute function portal.refuse('revisions of an issued order count up by one');
create trigger issued_once before update of issued_at, issued_by on purchase_order for each row
  when (old.issued_at is not null and (old.issued_at, old.issued_by) is distinct from (new.issued_at, new.issued_by))
  execute function portal.refuse('an order is issued once');

create function portal.revision_is_frozen() returns trigger language plpgsql as $$
begin
  if not exists (select from order_revision where order_id = new.id and revision = new.revision) then
    raise exception 'what the supplier gets is frozen as a revision' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger revision_is_frozen after update on purchase_order deferrable initially deferred for each row
  when (new.revision <> old.revision or (old.shown_to is null and new.shown_to is not null))
  execute function portal.revision_is_frozen();

alter table purchase_order
  add constraint approver_is_another check (source is not null or approved_by is null or
    (approved_by is distinct from created_by and approved_by is distinct from submitted_by)) not valid,
  add constraint approved_by_somebody check (source is not null or approved_by is not null
    or state in ('draft', 'in_approval', 'cancelled')) not valid;

do $$ declare shown regclass; begin
  foreach shown in array array['purchase_order', 'purchase_order_line', 'schedule_line']::regclass[] loop
    execute format('create trigger shown_for_good before update of shown_to on %s for each row
      when (old.shown_to is not null and new.shown_to is distinct from old.shown_to)
      execute function portal.refuse_change(''shown_to'')', shown);
  end loop;
end $$;
"""

LINES = """
-- A line is open while its order is a draft. Later, what both sides rely on moves only together with the order's
-- revision, which is frozen in the same transaction: at issue, and whenever they agree on something else.
create function portal.line_is_open() returns trigger language plpgsql as $$
begin
  if not exists (select from purchase_order where id = new.order_id and state = 'draft')
      and not portal.frozen_now(new.order_id) then
    raise exception 'what was ordered changes by a new revision' using errcode = 'check_violation';
  end if;
  return null;
end $$;
do $$ begin
  execute format($make$create constraint trigger settled after update on purchase_order_line
    deferrable initially deferred for each row when (%s) execute function portal.line_is_open()$make$,
    portal.changed('purchase_order_line', 'shown_to', 'confirmed', 'despatched', 'in_inspection', 'received',
      'accepted', 'rejected', 'returned', 'returned_for_replacement', 'invoiced', 'credited', 'promised_date',
      'short_closed', 'source', 'receive_ceiling'));
end $$;
-- What another system received before the portal knew of it raises the ceiling to what came, and no further.
create constraint trigger received_before after update of receive_ceiling on purchase_order_line
  deferrable initially deferred for each row when (old.receive_ceiling is distinct from new.receive_ceiling
    and (new.source is null or new.receive_ceiling <> new.received - new.returned_for_replacement))
  execute function portal.line_is_open();

create function portal.lines_are_added() returns trigger language plpgsql as $$
begin
  if exists (
    select from added a join purchase_order o on o.id = a.order_id
    where a.shown_to is distinct from o.shown_to or case when o.source is not null then not portal.written_now(o.xmin)
      else greatest(a.confirmed, a.despatched, a.in_inspection, a.received, a.accepted, a.rejected, a.returned,
        a.returned_for_replacement, a.invoiced, a.credited) > 0
        or (o.state <> 'draft' and not portal.frozen_now(o.id)) end) then
    raise exception 'lines are added to a draft, and nothing of them is done' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger added_to_draft after insert on purchase_order_line referencing new table as added
  for each statement execute function portal.lines_are_added();

create function portal.lines_are_removed() returns trigger language plpgsql as $$
begin
  if exists (select from gone g join purchase_order o on o.id = g.order_id where o.state <> 'draft') then
    raise exception 'only a draft loses lines' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger removed_from_draft after delete on purchase_order_line referencing old table as gone
  for each statement execute function portal.lines_are_removed();

call portal.keep('schedule_line', 'line_id', 'order_id', 'buyer_id', 'supplier_id', 'sequence');
create trigger kept before delete on schedule_line for each row when (old.shown_to is not null)
  execute function portal.refuse_removal();
"""

ANSWERS = """
create trigger sealed before update on order_response for each row when (old.state = 'pending')
  execute function portal.sealed('version', 'state', 'decided_by', 'decided_at', 'decision_reason');
create trigger final before update on order_response for each row when (old.state <> 'pending')
  execute function portal.refuse_change('an answer that waits for nobody');
create trigger decided_when before update of state on order_response for each row
  when (new.state in ('accepted', 'declined') and new.decided_at is null)
  execute function portal.refuse('a decision has its time');
revoke update on order_response_line from portal_app;

-- A part is written together with its whole, or never. Every update of a whole shows: it was decided, or reversed.
create function portal.answered_together() returns trigger language plpgsql as $$
begin
  if exists (select from added a where not exists (select from order_response r where r.id = a.response_id
      and portal.written_now(r.xmin) and r.decided_at is null and r.state <> 'stale')) then
    raise exception 'an answer that was given gets no more lines' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger together after insert on order_response_line referencing new table as added
  for each statement execute function portal.answered_together();

create trigger final before update on goods_receipt for each row when (old.state = new.state)
  execute function portal.refuse_change('a receipt that is not reversed');
create function portal.received_together() returns trigger language plpgsql as $$
begin
  if exists (select from added a where not exists (select from goods_receipt g where g.id = a.receipt_id
      and portal.written_now(g.xmin) and g.state = 'booked')) then
    raise exception 'a receipt that was booked gets no more lines' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger together after insert on goods_receipt_line referencing new table as added
  for each statement execute function portal.received_together();
"""

FACTS = """
call portal.keep('schedule_fact', 'order_number', 'line', 'sequence', 'leads', 'item_id', 'item_number', 'description',
  'unit', 'currency', 'time_zone', 'migrated');
call portal.keep('delivery_fact', 'order_id', 'shown_to', 'delivered_on', 'counts_on');
call portal.keep('invoice_fact', 'order_id', 'shown_to', 'currency');
-- What came is the buyer's word alone.
create policy said_by_buyer on delivery_fact as restrictive for insert
  with check (buyer_id = (select portal.organisation()));
create policy unsaid_by_buyer on delivery_fact as restrictive for update
  using (buyer_id = (select portal.organisation())) with check (buyer_id = (select portal.organisation()));

create trigger begins_at_one before insert on document_number for each row when (new.last <> 1)
  execute function portal.refuse('numbers begin at 1');
create trigger counts_up before update on document_number for each row when (new.last <> old.last + 1
    or (old.organisation_id, old.kind, old.year) is distinct from (new.organisation_id, new.kind, new.year))
  execute function portal.refuse('numbers count up by one');
"""

# Lists of everybody are for the owner of the schema; the application asks for what it can name.
TENANTS = """
create function portal.organisation_ids() returns setof uuid
  language sql stable security definer set search_path = public as $$ select id from organisation order by created_at $$;
comment on function portal.organisation_ids is 'For whom the scheduler inserts periodic jobs: ids, and nothing else.';
create function portal.only_buyer() returns table (id uuid, name text)
  language sql stable security definer set search_path = public as $$
  select min(id::text)::uuid, min(name) from organisation where kind in ('buyer', 'both') having count(*) = 1 $$;
comment on function portal.only_buyer is 'The buying organisation of a database that has one, as a company''s own has.';
create function portal.every_member() returns setof portal.member
  language sql stable security definer set search_path = public, portal as $$
  select * from portal.member order by organisation_name, email $$;
create function portal.every_organisation() returns table (id uuid, name text, kind text)
  language sql stable security definer set search_path = public as $$
  select id, name, kind from organisation order by created_at, id $$;

set local role portal_gate;
create or replace function portal.organisations(wanted text)
  returns table (id uuid, name text, kind text, time_zone text)
  language sql stable security definer set search_path = public as $$
  select id, name, kind, time_zone from organisation o where $1 in (o.name, o.id::text) order by created_at, id $$;
create or replace function portal.members(organisation text) returns setof portal.member
  language sql stable security definer set search_path = public, portal as $$
  select * from portal.member m where $1 in (m.organisation_name, m.organisation_id::text) order by email $$;
reset role;
do $$ declare gated regprocedure; begin
  foreach gated in array array['portal.organisation_ids()', 'portal.only_buyer()', 'portal.every_member()',
      'portal.every_organisation()']::regprocedure[] loop
    execute format('alter function %s owner to portal_gate', gated);
  end loop;
end $$;

-- Rights on a function are its owner's to give: given by anybody else, PostgreSQL merely warns. So all that the gate
-- owns was open to every role of the database until now.
set local role portal_gate;
do $$ declare gated regprocedure; begin
  for gated in select oid::regprocedure from pg_proc
      where pronamespace = 'portal'::regnamespace and proowner = 'portal_gate'::regrole loop
    execute format('revoke execute on function %s from public', gated);
    execute format('grant execute on function %s to portal_app', gated);
  end loop;
end $$;
revoke execute on function portal.every_member(), portal.every_organisation() from portal_app;
grant execute on function portal.every_member(), portal.every_organisation() to session_user;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SETTLING + ORDERS + LINES + ANSWERS + FACTS + TENANTS)
