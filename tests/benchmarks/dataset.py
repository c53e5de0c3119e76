"""Orders of many years by set-based SQL: as imported orders are, with lines, schedules, statuses and words to search.

Triggers are off while it is written, which only saves time: every rule that they guard holds by construction, and
`CHECKS` asks afterwards.
"""

from typing import Any

import asyncpg

from tests.harness.world import Organised

SUPPLIERS = """
insert into organisation (id, name, kind, country, currency)
select uuidv7(), initcap(w) || ' ' || (array['Metals', 'Fasteners', 'Bearings', 'Electric', 'Packaging'])[1 + n % 5]
  || ' ' || n, 'supplier', 'DE', 'EUR'
from generate_series(1, $1::int) n,
  lateral (select (array['alder', 'birch', 'cedar', 'elm', 'fir', 'hazel', 'larch'])[1 + n % 7]) x (w)
returning id
"""
RELATIONS = """
insert into trading_relationship (id, buyer_id, supplier_id, supplier_name, supplier_number, currency, state)
select uuidv7(), $1, o.id, o.name, 'S-' || row_number() over (order by o.id), 'EUR', 'approved'
from organisation o where o.id = any($2::uuid[])
"""
# Few suppliers have most of the orders; states and dates as in a company of some years.
ORDERS = """
insert into purchase_order (id, buyer_id, supplier_id, shown_to, buyer_name, supplier_name, number, state, currency,
  note, net, tax, gross, gross_minor, approved_gross, approved_ceiling, requested_date, created_at,
  issued_at, rejected_at, created_by, receipt_status, despatch_status, invoice_status, search, source)
select uuidv7(), $1, s.id, case when x.state in ('draft', 'in_approval') then null else s.id end, $2, s.name,
  'PO-' || to_char(at, 'YYYY') || '-' || lpad(n::text, 7, '0'), x.state, 'EUR', '', 250, 47.50, 297.50, 29750,
  case when x.state in ('draft', 'in_approval') then null else 297.50 end,
  case when x.state in ('draft', 'in_approval') then null else 297.50 end,
  (at + interval '14 days')::date, at, case when x.state in ('draft', 'in_approval') then null else at end,
  case when x.state = 'rejected' then at end, $4,
  x.far, x.far, x.far,
  lower('PO-' || to_char(at, 'YYYY') || '-' || lpad(n::text, 7, '0') || ' ' || s.name || ' ' || $2 || ' ' || x.words),
  '{"file": "benchmark"}'
from generate_series(1, $3::int) n
cross join lateral (select now() - (($3 - n) * interval '5 years' / $3)) d (at)
cross join lateral (select greatest(1, ceil($6 * power(random(), 3)))::int + 0 * n) p (place)
join unnest($5::uuid[]) with ordinality u (id, place) on u.place = p.place
join organisation s on s.id = u.id
cross join lateral (select case
    when n > $3 * 0.995 then (array['draft', 'in_approval', 'issued', 'accepted'])[1 + n % 4]
    when n > $3 * 0.97 then 'accepted' when n % 20 = 0 then 'rejected' else 'closed' end,
  case when n > $3 * 0.97 then 'none' else 'complete' end,
  (array['bolt', 'washer', 'bearing', 'sheet', 'cable', 'pump', 'valve', 'shaft'])[1 + n % 8] || ' '
    || (array['steel', 'brass', 'zinc', 'nylon', 'copper'])[1 + n % 5] || ' m' || n % 40) x (state, far, words)
"""
LINES = """
insert into purchase_order_line (id, order_id, buyer_id, supplier_id, shown_to, line, description, quantity, unit,
  unit_price, price_unit, net, tax_category, tax_rate, requested_date, confirmed, despatched, received, accepted,
  invoiced, match_basis)
select uuidv7(), o.id, o.buyer_id, o.supplier_id, o.shown_to, l, 'Hex bolt M8', 10, 'C62', 12.50, 'C62', 125, 'S', 19,
  o.requested_date, case when o.receipt_status = 'complete' or o.state = 'accepted' then 10 else 0 end, d, d, d, d,
  case when o.shown_to is not null then 'four_way' end
from purchase_order o cross join generate_series(1, 2) l
cross join lateral (select case when o.receipt_status = 'complete' and o.state = 'closed' then 10 else 0 end) x (d)
where o.buyer_id = $1
"""
CHECKS = {
    "sums": "select count(*) from purchase_order o where net <> (select sum(net) from purchase_order_line l "
    "where l.order_id = o.id)",
    "sides": "select count(*) from purchase_order_line l join purchase_order o on o.id = l.order_id "
    "where l.shown_to is distinct from o.shown_to",
    "numbers": "select count(*) - count(distinct number) from purchase_order where buyer_id = any(select buyer_id "
    "from trading_relationship)",
}
PARTNERS = 200


async def fill(url: str, company: Organised, supplier: Organised, orders: int) -> None:
    """So many orders of the company, the benchmark's own supplier being its greatest partner."""
    connection: Any = await asyncpg.connect(url)
    try:
        await connection.execute("set session_replication_role = replica")
        partners = [supplier.id, *[row["id"] for row in await connection.fetch(SUPPLIERS, PARTNERS - 1)]]
        await connection.execute(RELATIONS, company.id, partners[1:])
        author = company.requester.person_id
        await connection.execute(ORDERS, company.id, company.name, orders, author, partners, PARTNERS)
        await connection.execute(LINES, company.id)
        await connection.execute("vacuum (analyze) purchase_order, purchase_order_line, organisation")
        wrong = {name: found for name, sql in CHECKS.items() if (found := await connection.fetchval(sql))}
        assert not wrong, wrong
    finally:
        await connection.close()
