"""Payments of invoices, several where an invoice is paid in parts; answers to differences and to objections."""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T16:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Payments in parts, answers to differences and to objections"

PAYMENTS = """
create table payment (
  id uuid primary key, buyer_id uuid not null references organisation,
  supplier_id uuid not null references organisation, shown_to uuid not null check (shown_to = supplier_id),
  invoice_id uuid not null references invoice, version int not null default 1,
  paid_on date not null, reference text not null check (reference <> ''), currency text not null,
  amount numeric not null check (amount >= 0 and scale(amount) <= 2),
  credited numeric not null default 0 check (credited >= 0 and scale(credited) <= 2),
  created_by uuid, created_at timestamptz not null);
create index payment_invoice on payment (invoice_id, paid_on, id);
create unique index payment_once on payment (invoice_id, paid_on, reference, amount);
alter table credit_note add payment_id uuid references payment;
alter table invoice no force row level security;
alter table credit_note no force row level security;
insert into payment (id, buyer_id, supplier_id, shown_to, invoice_id, paid_on, reference, currency, amount, created_by,
  created_at)
select uuidv7(), i.buyer_id, i.supplier_id, i.supplier_id, i.id, i.settled_on, coalesce(nullif(i.settlement_reference, ''), '–'),
  i.currency, greatest(i.gross - coalesce((select sum(c.gross) from credit_note c
    where c.invoice_id = i.id and c.state in ('approved', 'settled')), 0), 0), i.settled_by, i.settled_at
from invoice i where i.state = 'settled';
alter table credit_note force row level security;
alter table invoice force row level security;
call portal.protect('payment', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
create trigger sealed before update on payment for each row execute function portal.sealed('version');
drop trigger sealed on credit_note;
create trigger sealed before update on credit_note for each row when (old.state <> 'draft')
  execute function portal.sealed('version', 'state', 'booked_at', 'decided_by', 'decided_at', 'decision_reason',
    'settled_by', 'settled_at', 'settled_on', 'settlement_reference', 'payment_id');
create function portal.payments_fit() returns trigger language plpgsql as $$ begin
  if (select i.gross - coalesce(sum(p.amount + p.credited), 0) < 0 from invoice i join payment p on p.invoice_id = i.id
      where i.id = new.invoice_id group by i.id) then
    raise check_violation using message = 'more is paid than the invoice asks for', constraint = 'payments_fit';
  end if;
  return null;
end $$;
create constraint trigger payments_fit after insert on payment deferrable initially deferred
  for each row execute function portal.payments_fit();
comment on table payment is 'What the buyer paid of an invoice, on which day and under which reference.';
comment on column payment.credited is 'What credit notes of other, settled invoices made up of it.';
"""


# What the buyer says to a difference while it stays open; the supplier reads it.
ANSWERS = """
alter table match_exception add answer text not null default ''
    check (answer in ('', 'corrected_invoice', 'credit_note', 'wait', 'reject_line')),
  add answer_reason text not null default '', add answered_by uuid, add answered_at timestamptz,
  add constraint answered_when check ((answer = '') = (answered_at is null)),
  add constraint answered_why check (answer = '' or answer_reason <> '');
comment on column match_exception.answer_reason is 'What the buyer asks for or waits for; the supplier reads it.';
"""


# A buyer answers an objection by a message, by a corrected statement in its place, or by taking it back.
STATEMENTS = """
alter table statement drop constraint statement_state_check, drop constraint answered_when,
  add constraint statement_state_check check (state in ('sent', 'agreed', 'objected', 'replaced', 'withdrawn')),
  add constraint answered_when check (
    (state <> 'sent' or answered_at is null) and (state not in ('agreed', 'objected') or answered_at is not null)),
  add reply text not null default '', add replied_by uuid, add replied_at timestamptz,
  add replaces uuid references statement, add replaced_by uuid references statement,
  add constraint replaced_when check ((state = 'replaced') = (replaced_by is not null));
create index statement_supplier_state on statement (shown_to, state, created_at desc, id desc);
create index statement_buyer_state on statement (buyer_id, state, created_at desc, id desc);
drop trigger legal_state on statement;
drop trigger sealed on statement;
create trigger legal_state before update of state on statement for each row execute function portal.legal_state(
  'sent>agreed', 'sent>objected', 'objected>agreed', 'objected>sent', 'sent>withdrawn', 'objected>withdrawn',
  'sent>replaced', 'objected>replaced');
create trigger sealed before update on statement for each row execute function portal.sealed(
  'version', 'state', 'answered_by', 'answered_at', 'reason', 'reply', 'replied_by', 'replied_at', 'replaced_by');
comment on column statement.reply is 'What the buyer says to an objection, or why it took the statement back.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, PAYMENTS + ANSWERS + STATEMENTS)
