"""Goods receipts: the buyer's word of what came."""

from portal.platform.migrations import sql_migration

ID = "2026-11-21T05:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Goods receipts and their lines"

RECEIPTS = """
create table goods_receipt (
  id uuid primary key, buyer_id uuid not null references organisation,
  supplier_id uuid not null references organisation, shown_to uuid not null check (shown_to = supplier_id),
  buyer_name text not null, supplier_name text not null,
  number text not null, version int not null default 1,
  state text not null default 'booked' check (state in ('booked', 'reversed')),
  despatch_advice_id uuid references despatch_advice, despatch_advice_number text not null default '',
  site_id uuid references site, delivered_at timestamptz not null, booked_at timestamptz not null,
  delivery_note text not null default '',
  created_by uuid, reversed_by uuid, reversed_at timestamptz, reversal_reason text not null default '',
  unique (buyer_id, number), check (delivered_at <= booked_at + interval '1 minute'),
  constraint reversed_when check ((state = 'reversed') = (reversed_at is not null)));
create index goods_receipt_buyer on goods_receipt (buyer_id, booked_at desc, id desc);
create index goods_receipt_supplier on goods_receipt (shown_to, booked_at desc, id desc);
create index goods_receipt_buyer_delivered on goods_receipt (buyer_id, delivered_at desc, id desc);
create index goods_receipt_supplier_delivered on goods_receipt (shown_to, delivered_at desc, id desc);
create index goods_receipt_pair on goods_receipt (supplier_id, buyer_id, booked_at desc, id desc);
create index goods_receipt_supplier_number on goods_receipt (shown_to, number);
create index goods_receipt_buyer_note on goods_receipt (buyer_id, delivery_note) where delivery_note <> '';
create index goods_receipt_supplier_note on goods_receipt (shown_to, delivery_note) where delivery_note <> '';
create index goods_receipt_advice on goods_receipt (despatch_advice_id) where despatch_advice_id is not null;
call portal.protect('goods_receipt', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
create trigger legal_state before update of state on goods_receipt for each row
  execute function portal.legal_state('booked>reversed');
create trigger sealed before update on goods_receipt for each row execute function portal.sealed(
  'version', 'state', 'reversed_by', 'reversed_at', 'reversal_reason');
create trigger reversed_for_good before update on goods_receipt for each row when (old.state = 'reversed')
  execute function portal.refuse_change('a reversal');

create table goods_receipt_line (
  id uuid primary key, receipt_id uuid not null references goods_receipt,
  buyer_id uuid not null, supplier_id uuid not null, shown_to uuid not null check (shown_to = supplier_id),
  position int not null check (position > 0),
  order_id uuid not null references purchase_order, order_line_id uuid not null references purchase_order_line,
  despatch_line_id uuid references despatch_line,
  order_number text not null, line int not null, item_number text not null default '', description text not null,
  unit text not null,
  accepted numeric not null check (accepted >= 0 and portal.decimal_ok(accepted, 6)),
  rejected numeric not null default 0 check (rejected >= 0 and portal.decimal_ok(rejected, 6)),
  reason text not null default '', unique (receipt_id, position), check (accepted + rejected > 0));
create index goods_receipt_line_order on goods_receipt_line (order_id);
create index goods_receipt_line_order_line on goods_receipt_line (order_line_id);
create index goods_receipt_line_despatch on goods_receipt_line (despatch_line_id) where despatch_line_id is not null;
call portal.protect('goods_receipt_line', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
revoke update on goods_receipt_line from portal_app;
"""

INVARIANTS = """
create view portal.received_otherwise with (security_invoker = true) as
  select l.id, l.order_id, l.accepted, l.rejected, coalesce(sum(r.accepted), 0) as booked_accepted,
    coalesce(sum(r.rejected), 0) as booked_rejected
  from purchase_order_line l join purchase_order o on o.id = l.order_id
  left join (select r.* from goods_receipt_line r join goods_receipt g on g.id = r.receipt_id and g.state = 'booked') r
    on r.order_line_id = l.id
  where o.source is null group by l.id
  having l.accepted <> coalesce(sum(r.accepted), 0) or l.rejected <> coalesce(sum(r.rejected), 0);
comment on view portal.received_otherwise is
  'Order lines whose ledger differs from their goods receipts: always empty but for migrated orders.';

create view portal.arrived_otherwise with (security_invoker = true) as
  select d.id, d.advice_id, d.received, coalesce(sum(r.accepted + r.rejected), 0) as booked
  from despatch_line d
  left join (select r.* from goods_receipt_line r join goods_receipt g on g.id = r.receipt_id and g.state = 'booked') r
    on r.despatch_line_id = d.id
  group by d.id having d.received <> coalesce(sum(r.accepted + r.rejected), 0);
comment on view portal.arrived_otherwise is
  'Lines of despatch advices that say another quantity arrived than their goods receipts: always empty.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, RECEIPTS + INVARIANTS)
