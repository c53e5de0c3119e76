"""What a receipt, an invoice and a score are reckoned by; each side's own part of the log."""

from portal.platform.migrations import sql_migration

ID = "2026-11-21T10:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Private sides of the log by their owners; replacements; match bases; when invoices are paid, who decides; ceilings of imports; scores"

# An act of one side may write rows that are the other's own: each owner keeps its part of the entry. The writer never
# reads it back.
LOG = """
alter table audit_private drop constraint audit_private_pkey;
alter table audit_private add primary key (entry_id, owner_id);
drop policy tenant on audit_private;
create policy own on audit_private for select using (owner_id = (select portal.organisation()));
create policy written on audit_private for insert with check (
  owner_id = (select portal.organisation()) or exists (select from trading_relationship r
    where (r.buyer_id, r.supplier_id) in ((portal.organisation(), owner_id), (owner_id, portal.organisation()))));
"""

# The owner of the tables is under row-level security too: what is stored is brought along past it. Goods that live
# orders have rejected until now were never asked for again, so they are.
REPLACEMENTS = """
alter table purchase_order_line drop constraint ledger_despatch_ceiling, drop constraint ledger_returned,
  add constraint ledger_despatch_ceiling
    check (despatch_ceiling is null or despatched - returned_for_replacement <= despatch_ceiling),
  add constraint ledger_returned check (returned <= received and returned_for_replacement <= rejected + returned);
alter table goods_receipt_line add replacement boolean not null default false;

alter table purchase_order no force row level security;
alter table purchase_order_line no force row level security;
alter table goods_receipt no force row level security;
alter table goods_receipt_line no force row level security;
update goods_receipt_line r set replacement = true from goods_receipt g, purchase_order o
where g.id = r.receipt_id and g.state = 'booked' and o.id = r.order_id and r.rejected > 0
  and o.state in ('issued', 'accepted', 'conditionally_accepted');
update purchase_order_line l set returned_for_replacement = r.rejected from (
  select order_line_id, sum(rejected) as rejected from goods_receipt_line where replacement group by order_line_id) r
where r.order_line_id = l.id;
alter table purchase_order force row level security;
alter table purchase_order_line force row level security;
alter table goods_receipt force row level security;
alter table goods_receipt_line force row level security;

alter table goods_receipt_line add constraint replaced_is_rejected check (rejected > 0 or not replacement);
comment on column goods_receipt_line.replacement is 'What was rejected is to be delivered again.';

create or replace view portal.received_otherwise with (security_invoker = true) as
  select l.id, l.order_id, l.accepted, l.rejected, coalesce(sum(r.accepted), 0) as booked_accepted,
    coalesce(sum(r.rejected), 0) as booked_rejected, l.returned_for_replacement,
    coalesce(sum(r.rejected) filter (where r.replacement), 0) as booked_for_replacement
  from purchase_order_line l join purchase_order o on o.id = l.order_id
  left join (select r.* from goods_receipt_line r join goods_receipt g on g.id = r.receipt_id and g.state = 'booked') r
    on r.order_line_id = l.id
  where o.source is null group by l.id
  having l.accepted <> coalesce(sum(r.accepted), 0) or l.rejected <> coalesce(sum(r.rejected), 0)
    or l.returned_for_replacement <> coalesce(sum(r.rejected) filter (where r.replacement), 0);
"""

# Until now every invoice was matched with what was accepted, charges apart.
MATCH_BASES = """
alter table organisation add match_basis text not null default 'four_way'
  check (match_basis in ('two_way', 'three_way', 'four_way'));
comment on column organisation.match_basis is 'By what the invoices of an order line are matched unless the line says.';
alter table purchase_order_line add match_basis text check (match_basis in ('two_way', 'three_way', 'four_way'));
alter table purchase_order_line no force row level security;
update purchase_order_line set match_basis = 'four_way' where shown_to is not null;
alter table purchase_order_line force row level security;
alter table purchase_order_line add constraint basis_when_issued check (shown_to is null or match_basis is not null);
create trigger keep_match_basis before update of match_basis on purchase_order_line for each row
  when (old.shown_to is not null and old.match_basis is distinct from new.match_basis)
  execute function portal.refuse_change('match_basis');
"""

# What was approved under an earlier due date is paid by it; what waits is paid as the terms say until somebody accepts.
INVOICES = """
alter table invoice add payable_on date, drop constraint invoice_match_state_check,
  add constraint invoice_match_state_check check (match_state in ('unmatched', 'matched', 'exceptions', 'resolved'));
drop trigger sealed on invoice;
create trigger sealed before update on invoice for each row when (old.state <> 'draft') execute function portal.sealed(
  'version', 'state', 'match_state', 'payable_on', 'decided_by', 'decided_at', 'reason',
  'settled_by', 'settled_at', 'settled_on', 'settlement_reference');
alter table match_exception drop constraint match_exception_kind_check, add constraint match_exception_kind_check
  check (kind in ('quantity', 'price', 'tax', 'charge', 'total', 'terms'));

alter table invoice no force row level security;
alter table match_exception no force row level security;
update invoice set payable_on = case when state in ('approved', 'settled') then due_date
  else greatest(due_date, issue_date + payment_days) end;
update match_exception set owner_role = 'payable' where owner_role = 'receiver';
update invoice i set match_state = 'resolved' where i.match_state = 'exceptions'
  and not exists (select from match_exception e where e.invoice_id = i.id and e.resolution = 'open')
  and exists (select from match_exception e where e.invoice_id = i.id and e.resolution = 'accepted');
alter table match_exception force row level security;
alter table invoice force row level security;

alter table invoice alter payable_on set not null, add constraint paid_not_before_due check (payable_on >= due_date);
drop index invoice_supplier_due;
drop index invoice_buyer_due;
create index invoice_supplier_due on invoice (supplier_id, payable_on desc, id desc);
create index invoice_buyer_due on invoice (shown_to, payable_on desc, id desc) where shown_to is not null;
comment on column invoice.payable_on is
  'By when the buyer pays: the due date, but not before the payment terms allow unless somebody accepted that.';
comment on column match_exception.owner_role is 'Who holds this role may accept the difference.';
"""

# Imported lines had no ceilings, which meant unlimited. They get those that issuing freezes, and never less than what
# has happened already.
CEILINGS = """
create function portal.ceiling(quantity numeric, reached numeric, nearest jsonb, furthest jsonb) returns numeric
  language sql immutable parallel safe as $$
  select case when not coalesce((said->>'unlimited')::boolean, false) then greatest(reached, quantity + coalesce(case
    when said->>'combine' = 'all' then least((said->>'absolute')::numeric, (said->>'percent')::numeric * quantity * 0.01)
    else greatest((said->>'absolute')::numeric, (said->>'percent')::numeric * quantity * 0.01) end, 0)) end
  from (select coalesce((select level from unnest(array[nearest, furthest]) with ordinality as l (level, place)
    where coalesce(level->>'absolute', level->>'percent', nullif(level->>'unlimited', 'false')) is not null
    order by place limit 1), '{}') as said) s $$;
comment on function portal.ceiling(numeric, numeric, jsonb, jsonb) is
  'The most that a step may reach, at least what it has reached: of the tolerances (supplier, company) the first that '
  'says anything decides, none is 0; null is the explicit unlimited.';

alter table trading_relationship no force row level security;
alter table organisation no force row level security;
alter table purchase_order_line no force row level security;
update purchase_order_line l set
  despatch_ceiling = portal.ceiling(l.quantity, l.despatched - l.returned_for_replacement,
    r.tolerances->'despatch', b.tolerances->'despatch'),
  receive_ceiling = portal.ceiling(l.quantity, l.received - l.returned_for_replacement,
    r.tolerances->'receive', b.tolerances->'receive'),
  invoice_ceiling = portal.ceiling(l.quantity, l.invoiced - l.credited,
    r.tolerances->'invoice_quantity', b.tolerances->'invoice_quantity')
from trading_relationship r join organisation b on b.id = r.buyer_id
where r.buyer_id = l.buyer_id and r.supplier_id = l.supplier_id and l.source is not null and l.shown_to is not null
  and l.despatch_ceiling is null and l.receive_ceiling is null and l.invoice_ceiling is null;
alter table purchase_order_line force row level security;
alter table organisation force row level security;
alter table trading_relationship force row level security;
"""

SCORES = """
alter table organisation add score_early_days int check (score_early_days between 0 and 365),
  add score_in_full_tolerance numeric not null default 0
    check (score_in_full_tolerance between 0 and 100 and portal.decimal_ok(score_in_full_tolerance, 4)),
  add score_weights jsonb check (jsonb_typeof(score_weights) = 'object');
comment on column organisation.score_early_days is 'How many days before its date goods may come and be on time; null: any.';
comment on column organisation.score_in_full_tolerance is 'How much of a quantity, in percent, may be missing in full.';
comment on column organisation.score_weights is 'Percent by criterion, together 100; null: the usual ones.';
"""


async def forwards():
    script = LOG + REPLACEMENTS + MATCH_BASES + INVOICES + CEILINGS + SCORES
    return sql_migration(ID, DESCRIPTION, script)
