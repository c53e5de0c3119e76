"""What orders call off under contracts: never more than a contract's caps with their allowance."""

from portal.platform.migrations import sql_migration

ID = "2026-11-28T08:00:00"
VERSION = "1.52.0"
DESCRIPTION = "Call-offs under contracts"

# A row of each order line that counts, by the line's own id: `quantity` in the line's unit, `counted` in that of the
# contract's term, `amount` in the contract's currency by the rate that was kept when it was issued.
CALL_OFFS = """
create table contract_call_off (
  id uuid primary key references purchase_order_line, contract_id uuid not null references contract,
  order_id uuid not null references purchase_order, buyer_id uuid not null, supplier_id uuid not null,
  shown_to uuid not null, item_id uuid references item,
  quantity numeric not null check (quantity >= 0 and portal.decimal_ok(quantity, 6)),
  counted numeric not null check (counted >= 0 and portal.decimal_ok(counted, 6)),
  amount numeric not null check (amount >= 0 and portal.decimal_ok(amount, 2)),
  rate numeric check (rate > 0), check (shown_to = supplier_id));
create index contract_call_off_contract on contract_call_off (contract_id, item_id) include (counted, amount);
create index contract_call_off_order on contract_call_off (order_id);
create index contract_call_off_item on contract_call_off (item_id) where item_id is not null;
call portal.protect('contract_call_off', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
call portal.keep('contract_call_off', 'contract_id', 'order_id', 'buyer_id', 'supplier_id', 'shown_to', 'item_id', 'rate');
"""
# Whoever adds to a contract's call-offs holds its row: two at once never pass a cap together.
CAPS = """
create function portal.within_caps() returns trigger language plpgsql as $$
begin
  perform from contract where id in (select contract_id from moved) order by id for no key update;
  if exists (select from contract c where c.id in (select contract_id from moved) and (
      (c.kind = 'value'
        and (select sum(u.amount) from contract_call_off u where u.contract_id = c.id) > c.gross)
      or exists (select from contract_term t where t.contract_id = c.id and t.quantity is not null
        and (select sum(u.counted) from contract_call_off u where u.contract_id = c.id and u.item_id = t.item_id) * 100
          > t.quantity * (100 + c.allowance)))) then
    raise exception 'more is called off than the contract allows' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger within_caps_at_first after insert on contract_call_off referencing new table as moved
  for each statement execute function portal.within_caps();
create trigger within_caps after update on contract_call_off referencing new table as moved
  for each statement execute function portal.within_caps();
"""
VIEWS = """
create view portal.called_off_beyond with (security_invoker = true) as
  select c.id as contract_id, null::uuid as item_id, sum(u.amount) as called_off, c.gross as most
  from contract c join contract_call_off u on u.contract_id = c.id where c.kind = 'value'
  group by c.id having sum(u.amount) > c.gross
  union all
  select c.id, t.item_id, sum(u.counted), t.quantity * (100 + c.allowance) / 100
  from contract c join contract_term t on t.contract_id = c.id and t.quantity is not null
  join contract_call_off u on u.contract_id = c.id and u.item_id = t.item_id
  group by c.id, t.id having sum(u.counted) * 100 > t.quantity * (100 + c.allowance);
comment on view portal.called_off_beyond is 'Contracts under which more is called off than they allow: always empty.';

create view portal.called_off_otherwise with (security_invoker = true) as
  select l.id, l.order_id, l.contract_id, u.quantity as called_off, w.quantity as wanted
  from purchase_order_line l join purchase_order o on o.id = l.order_id
  left join contract_call_off u on u.id = l.id
  cross join lateral (select case when o.state in ('rejected', 'cancelled') then 0
    when l.closed_to is not null then l.closed_to
    when exists (select from purchase_order_line s where s.order_id = o.id and s.confirmed > 0) then l.confirmed
    else l.quantity end as quantity) w
  where l.contract_id is not null and o.issued_at is not null and o.state <> 'closed'
    and coalesce(u.quantity, -1) <> w.quantity;
comment on view portal.called_off_otherwise is
  'Order lines under contracts that count otherwise than what is wanted of them: always empty.';
grant select on portal.called_off_beyond, portal.called_off_otherwise to portal_app;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, CALL_OFFS + CAPS + VIEWS)
