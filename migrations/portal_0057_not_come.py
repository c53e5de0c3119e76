"""Goods that left and did not come: the buyer says so, and the despatch advice is over."""

from portal.platform.migrations import sql_migration

ID = "2026-11-26T15:00:00"
VERSION = "1.45.0"
DESCRIPTION = "Despatch advices end when their rest does not come"

ENDED = """
alter table despatch_line add missing numeric not null default 0
  check (missing between 0 and quantity and portal.decimal_ok(missing, 6));
alter table despatch_advice add ended_by uuid, add ended_at timestamptz, add end_reason text not null default '',
  add constraint ended_when check ((ended_at is null) = (end_reason = '') and (ended_at is null or state = 'despatched'));
drop trigger sealed on despatch_line;
create trigger sealed before update on despatch_line for each row
  execute function portal.sealed('shown_to', 'received', 'missing');
drop trigger sealed on despatch_advice;
create trigger sealed before update on despatch_advice for each row when (old.state <> 'draft')
  execute function portal.sealed('version', 'receipt_status', 'ended_by', 'ended_at', 'end_reason');
create or replace view portal.despatched_otherwise with (security_invoker = true) as
  select l.id, l.order_id, l.despatched, coalesce(sum(d.quantity - d.missing), 0) as advised
  from purchase_order_line l join purchase_order o on o.id = l.order_id
  left join despatch_line d on d.order_line_id = l.id and d.shown_to is not null
  where o.source is null group by l.id having l.despatched <> coalesce(sum(d.quantity - d.missing), 0);
comment on column despatch_line.missing is 'How much of it did not come, as the buyer said; it counts as never despatched.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, ENDED)
