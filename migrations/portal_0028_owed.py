"""What an invoice can come to, what a match may find, and what was taken from whom when a credit note was agreed."""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T04:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Invoices and credit notes: what they can come to, and what they book"

# An invoice of less than nothing is a credit note. One that was sent before can still be rejected.
OWED = """
alter table invoice add constraint invoice_owes check (state = 'rejected' or net >= 0 and tax >= 0 and gross >= 0)
  not valid;
"""


# What another system counted is a finding until somebody else than who brought it accepts what is billed of it.
MIGRATED = """
alter table match_exception drop constraint match_exception_kind_check, add constraint match_exception_kind_check
  check (kind in ('quantity', 'migrated', 'price', 'tax', 'charge', 'total', 'terms'));
create function portal.took_over(orders uuid[], person uuid) returns boolean language sql stable
begin atomic
  select exists (
    select from (
      select source ->> 'run' as run from purchase_order where id = any(orders)
      union select source -> 'receipts' ->> 'run' from purchase_order_line where order_id = any(orders)) brought
    where brought.run in (
      select id::text from file_import where person in (started_by, created_by)
      union all select id::text from import_run where created_by = person));
end;
comment on function portal.took_over is 'Whether this person brought one of these orders, or what came of it, out of another system.';
"""


# A credit note is booked when the buyer agrees to it; those that wait were booked when they were sent, and say so.
CREDITS = """
drop trigger sealed on credit_note;
drop trigger sealed on credit_note_line;
alter table credit_note add booked_at timestamptz;
alter table credit_note_line add returned numeric not null default 0 check (returned between 0 and booked);
alter table credit_note no force row level security;
alter table credit_note_line no force row level security;
alter table purchase_order_line no force row level security;
update credit_note set booked_at = submitted_at where state in ('submitted', 'approved', 'settled');
with ledger as (
  select l.id, greatest(l.accepted - (l.invoiced - l.credited), 0) as had_come from purchase_order_line l
  where l.credited > 0),
back as (
  select c.id, least(c.booked, greatest(ledger.had_come - sum(c.booked) over (
    partition by c.order_line_id order by n.submitted_at, n.id) + c.booked, 0)) as returned
  from credit_note_line c join credit_note n on n.id = c.credit_note_id and n.kind = 'goods' and n.booked_at is not null
  join ledger on ledger.id = c.order_line_id)
update credit_note_line c set returned = back.returned from back where back.id = c.id and back.returned > 0;
update purchase_order_line l set returned = c.returned
  from (select order_line_id, sum(returned) as returned from credit_note_line group by 1) c
  where c.order_line_id = l.id and c.returned > 0;
alter table purchase_order_line force row level security;
alter table credit_note_line force row level security;
alter table credit_note force row level security;
alter table credit_note add constraint booked_once_agreed check (
  (booked_at is null or state not in ('draft', 'rejected'))
  and (booked_at is not null or state not in ('approved', 'settled')));
create trigger sealed before update on credit_note for each row when (old.state <> 'draft')
  execute function portal.sealed('version', 'state', 'booked_at', 'decided_by', 'decided_at', 'decision_reason',
    'settled_by', 'settled_at', 'settled_on', 'settlement_reference');
create trigger sealed before update on credit_note_line for each row when (old.shown_to is not null)
  execute function portal.sealed('returned');
comment on column credit_note.booked_at is 'Since when its quantities are out of the invoiced ones of the order.';
comment on column credit_note_line.returned is
  'How much of it had come and is not billed again; the rest never came, or is still to be billed.';
create constraint trigger credits_fit_at_once after insert on credit_note deferrable initially deferred
  for each row when (new.state = 'submitted') execute function portal.credits_fit();
create or replace view portal.credited_otherwise with (security_invoker = true) as
  select l.id, l.order_id, l.credited, coalesce(sum(c.booked), 0) as noted
  from purchase_order_line l join purchase_order o on o.id = l.order_id
  left join (credit_note_line c join credit_note n on n.id = c.credit_note_id and n.booked_at is not null)
    on c.order_line_id = l.id
  where o.source is null group by l.id
  having l.credited <> coalesce(sum(c.booked), 0) or l.returned <> coalesce(sum(c.returned), 0);
"""


# Orders of services alone have nothing to despatch; what they were told before there were services stayed.
SERVICES = """
alter table purchase_order no force row level security;
alter table purchase_order_line no force row level security;
update purchase_order o set despatch_status = 'none' where o.despatch_status <> 'none'
  and not exists (select from purchase_order_line l where l.order_id = o.id and l.kind = 'goods')
  and exists (select from purchase_order_line l where l.order_id = o.id);
alter table purchase_order force row level security;
alter table purchase_order_line force row level security;
"""

SEARCH = """
create index credit_note_search on credit_note using gin (supplier_id, search gin_trgm_ops);
create index credit_note_search_buyer on credit_note using gin (shown_to, search gin_trgm_ops);
call portal.open_to_gate('credit_note', 'select');
create function portal.find_credit_notes(words text[], side text, most int) returns setof uuid
  language plpgsql stable security definer set search_path = public, portal as $$
begin
  return query execute format('select id from credit_note where %I = $1 and %s order by created_at desc limit $2',
    case side when 'supplier' then 'supplier_id' else 'shown_to' end, portal.every_word(words))
    using portal.organisation(), most;
end $$;
revoke execute on function portal.find_credit_notes(text[], text, int) from public;
grant execute on function portal.find_credit_notes(text[], text, int) to portal_app;
alter function portal.find_credit_notes(text[], text, int) owner to portal_gate;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, OWED + MIGRATED + CREDITS + SERVICES + SEARCH)
