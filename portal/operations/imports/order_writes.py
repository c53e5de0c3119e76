"""Where staged orders go: the statements that write orders, lines and schedules as history has them."""

from portal.operations.imports.targets import OURS
from portal.orders.commands import CAME, REPLACED, TAKEN

SEEN = "('issued', 'accepted', 'rejected', 'closed')"  # states in which the supplier has the order
AGREED = "('accepted', 'closed')"
SEARCHED = 4000
# As issuing freezes them; where nobody has said a tolerance, the function need not be asked for each line.
CEILING = f"""case when o.state not in {SEEN} then null
    when coalesce(i.tolerances->'{{0}}', r.tolerances->'{{0}}', b.tolerances->'{{0}}') is null then l.quantity
    else portal.ceiling(l.quantity, 0,
      coalesce(i.tolerances->'{{0}}', r.tolerances->'{{0}}'), b.tolerances->'{{0}}') end"""

# What came, in the words of orders.commands.take_over: lines are written with it once, and the orders follow. What was
# closed elsewhere was billed elsewhere, unless the file says otherwise.
QUANTITIES = f"""
select l.id as line_id, case when o.state in {AGREED} then l.quantity else 0 end as confirmed, l.received, l.accepted,
  l.rejected, coalesce(l.invoiced, case when o.state = 'closed' then l.accepted else 0 end) as invoiced
from import_order_line l join import_order o on o.number = l.order_number
where o.outcome = 'new' and (o.state in {AGREED} or l.received > 0 or l.invoiced > 0)
"""

# $1: what every record says of the file it comes from. Of lines also $2: whether the file says when goods came; then
# what came of a line on no known day is unknown to have been in time, and what did not come has not come.
WRITE = {
    "orders": f"""
insert into purchase_order (id, buyer_id, supplier_id, shown_to, buyer_name, supplier_name, number, state, currency,
  note, internal_note, site_id, ship_to, cost_centre, purchasing_group, payment_terms, payment_days, incoterm,
  net, tax, gross, gross_minor, approved_gross, approved_ceiling, requested_date, created_at, issued_at,
  rejected_at, closed_at, categories, search, source)
select s.id, b.id, s.supplier_id, case when s.state in {SEEN} then s.supplier_id end, b.name, s.supplier_name, s.number,
  s.state, s.currency, coalesce(s.note, ''), coalesce(s.internal_note, ''), p.id,
  coalesce(jsonb_build_object('name', p.name) || p.address, '{{}}'), coalesce(s.cost_centre, ''),
  coalesce(s.purchasing_group, ''), s.payment_terms, s.payment_days, coalesce(s.incoterm, ''),
  s.net, s.tax, s.net + s.tax, ((s.net + s.tax) * 10 ^ s.decimals)::bigint,
  case when s.state in {SEEN} then s.net + s.tax end, case when s.state in {SEEN} then s.net + s.tax end,
  s.requested_date,
  s.ordered_at, case when s.state in {SEEN} then coalesce(s.issued_at, s.ordered_at) end,
  case when s.state = 'rejected' then coalesce(s.issued_at, s.ordered_at) end,
  case when s.state = 'closed' then s.closed_at end,
  coalesce(c.categories, '{{}}'),
  left(lower(concat_ws(' ', s.number, s.supplier_name, b.name, s.note, s.words)), {SEARCHED}),
  $1::jsonb || jsonb_build_object('row', s.place, 'digest', s.digest) || s.kept
from import_order s join organisation b on b.id = {OURS} left join lateral (
  select id, name, address from site where organisation_id = b.id order by is_default desc, name limit 1) p on true
left join (
  select l.order_number, array_agg(distinct i.category order by i.category) as categories
  from import_order_line l join item i on i.id = l.item_id where i.category <> '' group by l.order_number) c
  on c.order_number = s.number
where s.outcome = 'new'
""",
    "lines": f"""
insert into purchase_order_line (id, order_id, buyer_id, supplier_id, shown_to, line, item_id, item_number, description,
  quantity, unit, unit_price, base_quantity, price_unit, price_factor, discount, net, tax_category, tax_rate,
  requested_date, promised_date, free_of_charge, match_basis, despatch_ceiling, receive_ceiling, invoice_ceiling,
  {TAKEN},
  approved_quantity, approved_price, tolerances, source)
select l.id, o.id, {OURS}, o.supplier_id, case when o.state in {SEEN} then o.supplier_id end, l.line, l.item_id,
  coalesce(l.item, ''), l.description, l.quantity, l.unit, l.unit_price, l.base_quantity, l.price_unit, l.price_factor,
  l.discount, l.net, l.tax_category, l.tax_rate, l.requested_date, l.promised_date, l.unit_price = 0,
  case when o.state in {SEEN} then b.match_basis end,
  {CEILING.format("despatch")}, case when c.receive is not null then greatest(c.receive, q.received - {REPLACED}) end,
  case when c.invoice is not null then greatest(c.invoice, q.invoiced) end,
  {CAME},
  case when o.state in {SEEN} then l.quantity end, case when o.state in {SEEN} then l.unit_price end,
  coalesce(i.tolerances, '{{}}'),
  $1::jsonb || l.kept || jsonb_strip_nulls(jsonb_build_object('row', l.place, 'key', l.key, 'invoiced',
    l.invoiced::text, 'first_promised', l.first_promised_date,
    'dated', case when $2 then l.delivered_at is not null or l.received = 0 end, 'receipts',
    case when l.received > 0 then jsonb_build_object('accepted', l.accepted::text, 'rejected', l.rejected::text) end))
from import_order_line l join import_order o on o.number = l.order_number join organisation b on b.id = {OURS}
join trading_relationship r on r.buyer_id = b.id and r.supplier_id = o.supplier_id
left join item i on i.id = l.item_id left join ({QUANTITIES}) q on q.line_id = l.id
cross join lateral (
  select {CEILING.format("receive")} as receive, {CEILING.format("invoice_quantity")} as invoice) c
where o.outcome = 'new'
""",
    "schedule": f"""
insert into schedule_line (id, line_id, order_id, buyer_id, supplier_id, shown_to, sequence, quantity, requested_date,
  promised_date)
select uuidv7(), l.id, o.id, {OURS}, o.supplier_id, case when o.state in {SEEN} then o.supplier_id end, 1, l.quantity,
  l.requested_date, l.promised_date
from import_order_line l join import_order o on o.number = l.order_number where o.outcome = 'new'
""",
}
