"""The credit note that gives back the last of an invoice gives back its rounding too: nothing of it stays owed."""

from portal.platform.migrations import sql_migration

ID = "2026-12-01T10:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Credit notes: rounding (BT-114), and what they give back with it (BT-115)"

# Payments are held against what is due of both: of an invoice (0171), and of the credit notes that they net.
CREDITS = """
alter table credit_note add rounding numeric not null default 0,
  add constraint credit_note_rounding check (abs(rounding) < 1) not valid,
  add constraint credit_note_due check (gross + rounding >= 0) not valid,
  drop constraint set_off_within, add constraint set_off_within check (set_off between 0 and gross + rounding
    and (set_off = 0 or state in ('approved', 'settled'))) not valid;
comment on column credit_note.rounding is 'What makes the sum that it gives back round (BT-114), as its invoice was.';
"""

FIT = """
create or replace function portal.came_off(invoice uuid) returns numeric language sql stable
begin atomic
  select coalesce((select sum(case when c.state = 'settled' or i.state = 'settled' then c.set_off
        else c.gross + c.rounding end)
      from credit_note c join public.invoice i on i.id = c.invoice_id
      where c.invoice_id = came_off.invoice and c.state in ('approved', 'settled')), 0)
    + coalesce((select sum(p.amount + p.credited + p.discount) from payment p
      where p.invoice_id = came_off.invoice), 0);
end;
create or replace function portal.payments_fit() returns trigger language plpgsql as $$ begin
  if (select i.gross - i.prepaid + i.rounding - coalesce(sum(p.amount + p.credited + p.discount), 0) < 0
      from invoice i join payment p on p.invoice_id = i.id where i.id = new.invoice_id group by i.id) then
    raise check_violation using message = 'more is paid than the invoice asks for', constraint = 'payments_fit';
  end if;
  if new.reverses is null and new.credited <> (select coalesce(sum(c.gross + c.rounding - c.set_off), 0)
      from credit_note c where c.payment_id = new.id and c.invoice_id <> new.invoice_id) then
    raise check_violation using message = 'a payment nets other credit notes than it says', constraint = 'payments_fit';
  end if;
  return null;
end $$;
create or replace view portal.netted_otherwise with (security_invoker = true) as
  select p.id as payment_id, p.invoice_id, p.credited, coalesce(sum(c.gross + c.rounding - c.set_off), 0) as netted
  from payment p left join credit_note c on c.payment_id = p.id and c.invoice_id <> p.invoice_id
  where p.reverses is null group by p.id
  having coalesce(sum(c.gross + c.rounding - c.set_off), 0) <> case when p.reversed_at is null then p.credited else 0 end
  union all
  select p.id, p.invoice_id, p.credited, o.credited from payment p left join payment o on o.reverses = p.id
  where p.reverses is null and ((p.reversed_at is null) <> (o.id is null)
    or (o.amount, o.credited, o.discount, o.invoice_id) <> (-p.amount, -p.credited, -p.discount, p.invoice_id));
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, CREDITS + FIT)
