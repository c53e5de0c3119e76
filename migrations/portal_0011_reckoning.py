"""What a receipt, an invoice and a score are reckoned by; each side's own part of the log."""

from portal.platform.migrations import sql_migration

ID = "2026-11-21T11:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Private sides of the log by their owners; replacements of rejected goods; match bases"

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


async def forwards():
    return sql_migration(ID, DESCRIPTION, LOG + REPLACEMENTS + MATCH_BASES)
