"""SQL of what was open of order lines at the end of a day: ordered not received, received not invoiced.

The ledger of an order line knows only now. Another day's quantities are the present ones less what was booked since,
so that goods of migrated orders, which have no receipts, count on every day. What is wanted of a line comes from the
revision that was in force on the day; of one that was closed short then, what stayed wanted. Whatever ended an order or
a line keeps its instant, so that no day changes afterwards.

Of a line is *not received* what is wanted less `received - returned_for_replacement`: what came is received whatever an
inspection says of it, and what was rejected for good is not to come again. *Not invoiced* is `received - rejected -
returned` less `invoiced - credited`: what came, and neither was refused nor went back. The receipt status of orders,
what may still be received, and these figures are of the same columns.
"""

RUNNING = ["issued", "accepted", "conditionally_accepted"]  # states of orders that go on

# {mine}: whose orders; {after}: the end of the day; {whole}: currencies without decimals; {open}: which can be open.
ORDERS = """
  select o.id, o.number, o.revision, o.currency, o.buyer_id, o.buyer_name, o.supplier_id, o.supplier_name,
    case when o.currency = any({whole}) then 0 else 2 end as decimals,
    case when o.currency = b.currency then 1 when o.own_currency = b.currency then o.exchange_rate end as worth,
    b.currency as own_currency,
    least(o.rejected_at, o.cancelled_at, o.closed_at, case when o.state = 'closed' and o.closed_at is null
      then o.issued_at end, 'infinity') >= {after} as live
  from purchase_order o join organisation b on b.id = o.buyer_id where o.issued_at < {after} and {mine}{open}"""
# Today only these can be open: orders that still run, and those of which more came than was billed. Of another day
# every order may have been.
STILL_OPEN = """ and o.id in (
    select r.id from purchase_order r where r.{side} = $1 and r.state = any({running}::text[])
    union select l.order_id from purchase_order_line l
    where l.{side} = $1 and l.received - l.rejected > l.invoiced - l.credited)"""
LINES = """
booked as (
  select g.order_line_id, g.accepted + g.rejected + g.to_inspect as received, g.rejected,
    case when g.replacement then g.rejected else 0 end as replaced, r.booked_at as at, r.reversed_at
  from goods_receipt r join goods_receipt_line g on g.receipt_id = r.id join orders_then o on o.id = g.order_id
  union all
  select i.order_line_id, 0, i.rejected, case when i.replacement then i.rejected else 0 end, i.created_at, i.reversed_at
  from goods_inspection i join orders_then o on o.id = i.order_id
  union all
  select s.order_line_id, s.quantity, 0, 0, s.decided_at, e.reversed_at
  from service_entry e join service_entry_line s on s.entry_id = e.id join orders_then o on o.id = s.order_id
  where s.state = 'accepted'),
came_since as (
  select order_line_id, sum(way * received) as received, sum(way * rejected) as rejected,
    sum(way * replaced) as replaced
  from booked cross join lateral (select case when at < {after} then 1 else -1 end as way) w
  where (at >= {after} and reversed_at is null) or (at < {after} and reversed_at >= {after}) group by 1),
billed_since as (
  select b.order_line_id, sum(case when i.submitted_at < {after} then b.quantity else -b.quantity end) as quantity
  from invoice i join invoice_line b on b.invoice_id = i.id join orders_then o on o.id = b.order_id
  where (i.submitted_at >= {after} and i.state <> 'rejected')
    or (i.submitted_at < {after} and i.state = 'rejected' and i.decided_at >= {after})
  group by 1),
credited_since as (
  select l.order_line_id, sum(l.booked) as quantity, sum(l.returned) as returned
  from credit_note c join credit_note_line l on l.credit_note_id = c.id join orders_then o on o.id = l.order_id
  where c.booked_at >= {after} group by 1),
agreed_now as (
  select l.*, case when bool_or(l.confirmed > 0) over (partition by l.order_id) then l.confirmed else l.quantity end
    as agreed
  from orders_then o join purchase_order_line l on l.order_id = o.id),
counted as (
  select o.*, l.line, l.description, l.unit, l.kind as line_kind, coalesce(l.promised_date, l.requested_date) as due,
    case when l.short_closed_at < {after} then l.closed_to else coalesce((
      select (was ->> 'closed_to')::numeric from jsonb_array_elements(l.closed_before) was
      where (was ->> 'since')::timestamptz < {after} and (was ->> 'until')::timestamptz >= {after}),
      then_.quantity, l.agreed) end as wanted,
    coalesce(then_.quantity, l.quantity) as quantity, coalesce(then_.net, l.net) as net,
    l.received + coalesce(c.received, 0) as received, l.rejected + coalesce(c.rejected, 0) as rejected,
    l.returned_for_replacement + coalesce(c.replaced, 0) as replaced,
    l.returned - coalesce(n.returned, 0) as returned,
    l.invoiced - l.credited + coalesce(b.quantity, 0) + coalesce(n.quantity, 0) as invoiced
  from orders_then o join agreed_now l on l.order_id = o.id
  left join came_since c on c.order_line_id = l.id left join billed_since b on b.order_line_id = l.id
  left join credited_since n on n.order_line_id = l.id
  left join lateral (
    select (was ->> 'quantity')::numeric as quantity, (was ->> 'net')::numeric as net
    from (select r.revision, r.snapshot from order_revision r where r.order_id = o.id and r.issued_at < {after}
      order by r.revision desc limit 1) r, jsonb_array_elements(r.snapshot -> 'lines') was
    where (was ->> 'line')::int = l.line and r.revision < o.revision) then_ on o.revision > 1),
lines_then as (
  -- Imported receipts do not say what is to be replaced: of orders that go on it is all that was rejected by then.
  select c.*, received - least(replaced, rejected) as kept, received - rejected - returned as to_bill from counted c),
open_lines as (
  select 'not_received' as kind, t.*, t.wanted - t.kept as open from lines_then t
  where t.live and t.line_kind <> 'charge' and t.wanted > t.kept
  union all
  select 'not_invoiced', t.*, t.to_bill - t.invoiced from lines_then t where t.to_bill > t.invoiced),
"""
