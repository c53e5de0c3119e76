"""Lines that are closed short; what services say of themselves besides their place."""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T11:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Lines closed short; period and contact of services"

CLOSED = """
alter table purchase_order_line add closed_to numeric check (closed_to >= 0 and portal.decimal_ok(closed_to, 6)),
  add short_closed_at timestamptz, add short_close_reason text not null default '';
comment on column purchase_order_line.closed_to is
  'How much of a line that was closed short stays wanted: what had left, come or been billed by then.';
alter table purchase_order_line
  add constraint closed_when check (short_closed = (closed_to is not null)
    and short_closed = (short_closed_at is not null) and (short_closed or short_close_reason = '')),
  add constraint closed_below_ordered check (closed_to < quantity),
  add constraint ledger_closed_to
    check (closed_to is null or source is not null or received - returned_for_replacement <= closed_to);
create index purchase_order_line_short on purchase_order_line (order_id) where short_closed;

create function portal.closes_short() returns trigger language plpgsql as $$
begin
  if new.buyer_id is distinct from portal.organisation() or not exists (
      select from purchase_order where id = new.order_id and not on_hold
        and (state in ('issued', 'accepted') or state = 'closed' and portal.written_now(xmin))) then
    raise exception 'the buyer closes lines of an order that goes on' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger closes_short before update of short_closed, closed_to, short_closed_at, short_close_reason
  on purchase_order_line for each row when ((old.short_closed, old.closed_to, old.short_closed_at,
    old.short_close_reason) is distinct from (new.short_closed, new.closed_to, new.short_closed_at,
    new.short_close_reason)) execute function portal.closes_short();
"""

SERVICES = """
alter table purchase_order_line add performed_from date, add performed_until date,
  add contact text not null default '' check (length(contact) <= 200),
  add constraint period_of_services check (performed_from <= performed_until),
  add constraint told_of_services check (kind in ('service', 'limit')
    or (performed_from is null and performed_until is null and contact = ''));
comment on column purchase_order_line.contact is 'Whom the supplier of a service turns to at the place where it is done.';
"""

# What is given back of a charge is waived, although nothing of it ever came. Until now it stayed to be billed for good.
WAIVED = """
alter table purchase_order_line drop constraint ledger_returned,
  add constraint ledger_returned check (returned <= case kind when 'charge' then invoiced else received end
    and returned_for_replacement <= rejected + returned);

alter table purchase_order no force row level security;
alter table purchase_order_line no force row level security;
alter table credit_note no force row level security;
alter table credit_note_line no force row level security;
update credit_note_line c set returned = c.booked from credit_note n, purchase_order_line l
where n.id = c.credit_note_id and n.kind = 'goods' and n.booked_at is not null and l.id = c.order_line_id
  and l.kind = 'charge' and l.invoiced <= l.quantity and c.returned = 0;
update purchase_order_line l set returned = c.returned from (
  select order_line_id, sum(returned) as returned from credit_note_line group by order_line_id) c
where c.order_line_id = l.id and l.kind = 'charge' and c.returned > 0;
update purchase_order o set invoice_status = 'complete' where o.invoice_status = 'partial'
  and exists (select from purchase_order_line l where l.order_id = o.id and l.kind = 'charge' and l.returned > 0)
  and not exists (select from (select l.*, case when bool_or(confirmed > 0) over () then confirmed else quantity end
      as wanted from purchase_order_line l where l.order_id = o.id) l where invoiced - credited + returned < wanted);
alter table purchase_order force row level security;
alter table purchase_order_line force row level security;
alter table credit_note force row level security;
alter table credit_note_line force row level security;
"""

# As in 0034, but that closing short moves no revision.
SETTLED = """
drop trigger settled on purchase_order_line;
do $$ begin
  execute format($make$create constraint trigger settled after update on purchase_order_line
    deferrable initially deferred for each row when (%s) execute function portal.line_is_open()$make$,
    portal.changed('purchase_order_line', 'shown_to', 'confirmed', 'despatched', 'in_inspection', 'received',
      'accepted', 'rejected', 'returned', 'returned_for_replacement', 'invoiced', 'credited', 'promised_date',
      'short_closed', 'closed_to', 'short_closed_at', 'short_close_reason', 'source', 'receive_ceiling',
      'invoice_ceiling'));
end $$;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, CLOSED + SERVICES + WAIVED + SETTLED)
