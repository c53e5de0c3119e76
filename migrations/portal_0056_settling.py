"""What settles an invoice: payments, cash discounts and credit notes, each of which counts once and can be undone."""

from portal.platform.migrations import sql_migration

ID = "2026-11-26T14:00:00"
VERSION = "1.45.0"
DESCRIPTION = "Settling: discounts taken, credit notes set off once, payments reversed by an opposite entry"

# An opposite entry undoes a payment that was recorded by mistake; both stay.
PAYMENTS = """
do $$ declare name text; begin
  for name in select conname from pg_constraint where conrelid = 'payment'::regclass and contype = 'c'
      and pg_get_constraintdef(oid) ~ '(amount|credited) >=' loop
    execute format('alter table payment drop constraint %I', name);
  end loop;
end $$;
alter table payment add discount numeric not null default 0, add reverses uuid unique references payment,
  add reason text not null default '', add reversed_at timestamptz,
  add constraint payment_sign check (case when reverses is null then least(amount, credited, discount) >= 0
    else greatest(amount, credited, discount) <= 0 and reason <> '' and reversed_at is null end),
  add constraint payment_scale check (greatest(scale(amount), scale(credited), scale(discount)) <= 2);
drop index payment_once;
create unique index payment_once on payment (invoice_id, paid_on, reference, amount)
  where reverses is null and reversed_at is null;
drop trigger sealed on payment;
create trigger sealed before update on payment for each row execute function portal.sealed('version', 'reversed_at');
comment on column payment.discount is 'The cash discount that was kept back: the invoice asks for it no more.';
comment on column payment.reverses is 'The payment that this opposite entry undoes, for its reason.';
"""

# `set_off` is what of a credit note lowers its own invoice for good; what is beyond it is owed by the supplier.
CREDITS = """
drop trigger sealed on credit_note;
drop trigger legal_state on credit_note;
drop trigger legal_state on invoice;
alter table credit_note add set_off numeric not null default 0;
alter table credit_note no force row level security;
alter table invoice no force row level security;
alter table payment no force row level security;
with asked as (
  select i.id, i.gross - coalesce((select sum(p.amount + p.credited) from payment p where p.invoice_id = i.id), 0) as sum
  from invoice i where i.state = 'settled'),
shared as (
  select c.id, c.gross, asked.sum, sum(c.gross) over (partition by c.invoice_id
    order by coalesce(p.invoice_id <> c.invoice_id, false), c.decided_at, c.id) as until
  from credit_note c join asked on asked.id = c.invoice_id left join payment p on p.id = c.payment_id
  where c.state in ('approved', 'settled'))
update credit_note c set set_off = least(s.gross, greatest(s.sum - s.until + s.gross, 0)) from shared s where s.id = c.id;
update credit_note c set set_off = c.gross from invoice i
  where i.id = c.invoice_id and i.state <> 'settled' and c.state = 'settled';
update credit_note c set state = 'settled', settled_by = i.settled_by, settled_at = i.settled_at,
  settled_on = i.settled_on, settlement_reference = i.settlement_reference from invoice i
  where i.id = c.invoice_id and i.state = 'settled' and c.state = 'approved' and c.set_off = c.gross and c.gross > 0;
alter table payment force row level security;
alter table invoice force row level security;
alter table credit_note force row level security;
alter table credit_note add constraint set_off_within check (set_off between 0 and gross
  and (set_off = 0 or state in ('approved', 'settled')));
create trigger legal_state before update of state on invoice for each row execute function portal.legal_state(
  'draft>submitted', 'submitted>approved', 'submitted>disputed', 'submitted>rejected',
  'disputed>approved', 'disputed>rejected', 'approved>settled', 'submitted>settled', 'disputed>settled',
  'settled>approved');
create trigger legal_state before update of state on credit_note for each row execute function portal.legal_state(
  'draft>submitted', 'submitted>approved', 'submitted>rejected', 'approved>settled', 'submitted>settled',
  'settled>approved');
create trigger sealed before update on credit_note for each row when (old.state <> 'draft')
  execute function portal.sealed('version', 'state', 'booked_at', 'decided_by', 'decided_at', 'decision_reason',
    'settled_by', 'settled_at', 'settled_on', 'settlement_reference', 'payment_id', 'set_off', 'settled_before');
create trigger settled_once before update on credit_note for each row when (old.state = 'settled'
    and new.state = 'settled' and (old.payment_id, old.settled_at, old.set_off)
      is distinct from (new.payment_id, new.settled_at, new.set_off))
  execute function portal.refuse_change('a settlement');
comment on column credit_note.set_off is
  'What of it lowers its own invoice, which is settled; the supplier owes what is beyond until it is netted or paid.';
comment on column credit_note.payment_id is 'The payment that took up what was left of it.';
"""

FIT = """
create or replace function portal.payments_fit() returns trigger language plpgsql as $$ begin
  if (select i.gross - coalesce(sum(p.amount + p.credited + p.discount), 0) < 0
      from invoice i join payment p on p.invoice_id = i.id where i.id = new.invoice_id group by i.id) then
    raise check_violation using message = 'more is paid than the invoice asks for', constraint = 'payments_fit';
  end if;
  if new.reverses is null and new.credited <> (select coalesce(sum(c.gross - c.set_off), 0) from credit_note c
      where c.payment_id = new.id and c.invoice_id <> new.invoice_id) then
    raise check_violation using message = 'a payment nets other credit notes than it says', constraint = 'payments_fit';
  end if;
  return null;
end $$;
create view portal.netted_otherwise with (security_invoker = true) as
  select p.id as payment_id, p.invoice_id, p.credited, coalesce(sum(c.gross - c.set_off), 0) as netted
  from payment p left join credit_note c on c.payment_id = p.id and c.invoice_id <> p.invoice_id
  where p.reverses is null group by p.id
  having coalesce(sum(c.gross - c.set_off), 0) <> case when p.reversed_at is null then p.credited else 0 end
  union all
  select p.id, p.invoice_id, p.credited, o.credited from payment p left join payment o on o.reverses = p.id
  where p.reverses is null and ((p.reversed_at is null) <> (o.id is null)
    or (o.amount, o.credited, o.discount, o.invoice_id) <> (-p.amount, -p.credited, -p.discount, p.invoice_id));
comment on view portal.netted_otherwise is
  'Payments whose credit notes are not what they say, as one that several took up; half reversals: always empty.';
create view portal.settled_otherwise with (security_invoker = true) as
  select i.id as invoice_id, i.state, i.gross - portal.came_off(i.id) as rest
  from invoice i where i.state = 'settled' and i.gross <> portal.came_off(i.id);
comment on view portal.settled_otherwise is
  'Settled invoices whose payments, discounts and credit notes do not come to what they asked for: always empty.';
grant select on portal.netted_otherwise, portal.settled_otherwise to portal_app;
"""

# What a credit note takes off its own invoice: all of it while that is open, and for good what was set off.
CAME_OFF = """
create function portal.came_off(invoice uuid) returns numeric language sql stable
begin atomic
  select coalesce((select sum(case when c.state = 'settled' or i.state = 'settled' then c.set_off else c.gross end)
      from credit_note c join public.invoice i on i.id = c.invoice_id
      where c.invoice_id = came_off.invoice and c.state in ('approved', 'settled')), 0)
    + coalesce((select sum(p.amount + p.credited + p.discount) from payment p
      where p.invoice_id = came_off.invoice), 0);
end;
comment on function portal.came_off is 'What payments, discounts and credit notes take off what an invoice asks for.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, PAYMENTS + CREDITS + CAME_OFF + FIT)
