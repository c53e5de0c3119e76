"""What ended an order or a line keeps its instant, and an invoice the days by which it was to be paid: what was open at
the end of a day never changes afterwards.
"""

from portal.platform.migrations import sql_migration

ID = "2026-11-26T12:00:00"
VERSION = "1.45.0"
DESCRIPTION = "Instants of rejections, short closes taken back, and days of payment"

GROWS = """
create function portal.only_grows() returns trigger language plpgsql as $$
declare before jsonb := to_jsonb(old) -> tg_argv[0]; after jsonb := to_jsonb(new) -> tg_argv[0]; begin
  if (select coalesce(jsonb_agg(each.was order by each.n), '[]') from jsonb_array_elements(after)
      with ordinality each (was, n) where each.n <= jsonb_array_length(before)) <> before then
    raise exception 'what % says of the past stays', tg_argv[0] using errcode = 'check_violation';
  end if;
  return new;
end $$;
comment on function portal.only_grows is 'The list in the column that the argument names gets longer and nothing else.';
"""

REJECTED = """
alter table purchase_order add rejected_at timestamptz;
alter table purchase_order no force row level security;
alter table order_response no force row level security;
update purchase_order o set rejected_at = coalesce(r.at, o.responded_at, o.issued_at) from purchase_order x
left join lateral (select max(created_at) as at from order_response where order_id = x.id and code = 'RE') r on true
where x.id = o.id and (o.state = 'rejected' or r.at is not null);
alter table order_response force row level security;
alter table purchase_order force row level security;
alter table purchase_order add constraint rejected_when check (state <> 'rejected' or rejected_at is not null);
create trigger rejected_once before update of rejected_at on purchase_order for each row
  when (old.rejected_at is not null and old.rejected_at is distinct from new.rejected_at)
  execute function portal.refuse('an order is rejected once');
comment on column purchase_order.rejected_at is 'When the supplier rejected it, whatever became of the order since.';
"""

CLOSED = """
alter table purchase_order_line add closed_before jsonb not null default '[]'
  check (jsonb_typeof(closed_before) = 'array');
create trigger closed_before_grows before update of closed_before on purchase_order_line for each row
  when (old.closed_before is distinct from new.closed_before) execute function portal.only_grows('closed_before');
comment on column purchase_order_line.closed_before is
  'Times in which it was closed short, before it was wanted again: since, until, and the quantity it was closed to.';
drop index purchase_order_line_unbilled;
drop index purchase_order_line_unbilled_supplier;
create index purchase_order_line_unbilled on purchase_order_line (buyer_id, order_id)
  where received - rejected > invoiced - credited;
create index purchase_order_line_unbilled_supplier on purchase_order_line (shown_to, order_id)
  where received - rejected > invoiced - credited;
"""

DUE = """
alter table invoice add due_days jsonb not null default '[]' check (jsonb_typeof(due_days) = 'array'),
  add stated_on date;
drop trigger sealed on invoice;
alter table invoice no force row level security;
update invoice set due_days = jsonb_build_array(jsonb_build_object('since', submitted_at, 'due',
  case when terms_due is not null then payable_on end)) where submitted_at is not null;
alter table invoice force row level security;
create trigger sealed before update on invoice for each row when (old.state <> 'draft') execute function portal.sealed(
  'version', 'state', 'match_state', 'payable_on', 'base_date', 'terms_due', 'due_days', 'stated_on', 'decided_by',
  'decided_at', 'reason', 'settled_by', 'settled_at', 'settled_on', 'settlement_reference');
create trigger due_days_grow before update of due_days on invoice for each row
  when (old.due_days is distinct from new.due_days) execute function portal.only_grows('due_days');
comment on column invoice.due_days is
  'By which day it was to be paid, since when; no day while that had not happened from which its terms count.';
alter table credit_note add settled_before jsonb not null default '[]' check (jsonb_typeof(settled_before) = 'array');
create trigger settled_before_grows before update of settled_before on credit_note for each row
  when (old.settled_before is distinct from new.settled_before) execute function portal.only_grows('settled_before');
comment on column credit_note.settled_before is
  'Times in which it was settled, before the payment that took it up was undone: since which day, until which.';
comment on column invoice.stated_on is 'The day of the first statement of account that tells of it.';
alter table payment_term drop constraint payment_term_base_check, add constraint payment_term_base_check
  check (base in ('invoice', 'invoice_receipt', 'goods_receipt', 'acceptance', 'statement'));
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, GROWS + REJECTED + CLOSED + DUE)
