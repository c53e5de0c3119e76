"""When billed goods came, as an invoice tells it (BT-72, or a period, BG-14), and which despatch advice it is of."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.invoicing.tables import Invoice
from portal.platform.work import View

# Of the delivery that is billed, else of what came since the lines were billed before; what has not come is dated by
# its despatch. A day is that of the place where goods come ($4); services have the days of their period.
_DELIVERED = """
with before as (
  select coalesce(max(i.submitted_at), '-infinity') as at from invoice i join invoice_line l on l.invoice_id = i.id
  where l.order_line_id = any($1) and i.id <> $3 and i.state not in ('draft', 'rejected')),
came as (
  select (g.delivered_at at time zone $4)::date as day from goods_receipt_line r
  join goods_receipt g on g.id = r.receipt_id cross join before
  where r.order_line_id = any($1) and g.state = 'booked' and r.accepted + r.to_inspect > 0
    and (g.despatch_advice_id = $2 or $2::uuid is null and g.booked_at > before.at)
  union all
  select d.day from service_entry_line s join service_entry e on e.id = s.entry_id cross join before
  cross join lateral (values (e.performed_from), (e.performed_until)) as d (day)
  where s.order_line_id = any($1) and s.state = 'accepted' and e.state <> 'reversed'
    and $2::uuid is null and s.decided_at > before.at),
sent as (
  select d.despatch_date as day from despatch_line l join despatch_advice d on d.id = l.advice_id cross join before
  where l.order_line_id = any($1) and d.state = 'despatched'
    and (d.id = $2 or $2::uuid is null and d.despatched_at > before.at))
select min(day) as since, max(day) as until, (select number from despatch_advice where id = $2) as advice_number
from (select day from came union all select day from sent where not exists (select from came)) days
"""


async def delivery_of(view: View, invoice: Invoice, lines: Sequence[UUID], zone: str) -> dict[str, Any]:
    """`delivered` (since, until; None of what was never delivered) and `despatch_advice_number` of an invoice."""
    record: Any = await view.one(_DELIVERED, list(lines), invoice.despatch_advice_id, invoice.id, zone)
    days = {"since": record["since"], "until": record["until"]} if record["since"] else None
    return {"delivered": days, "despatch_advice_number": record["advice_number"] or ""}


# What an inspection finds is accepted on its own day; what it refuses and wants again has not come on the other.
_DAYS = """
select order_line_id, day, sum(quantity) as quantity from (
  select r.order_line_id, (g.delivered_at at time zone $2)::date as day, case when $3 = 'acceptance' then r.accepted
    else r.accepted + r.to_inspect + case when r.replacement then 0 else r.rejected end end as quantity
  from goods_receipt_line r join goods_receipt g on g.id = r.receipt_id
  where r.order_line_id = any($1) and g.state = 'booked'
  union all
  select i.order_line_id, (case when $3 = 'acceptance' then i.created_at else g.delivered_at end at time zone $2)::date,
    case when $3 = 'acceptance' then i.accepted when i.replacement then -i.rejected else 0 end
  from goods_inspection i join goods_receipt g on g.id = i.receipt_id
  where i.order_line_id = any($1) and i.state = 'booked'
  union all
  select s.order_line_id, case when $3 = 'acceptance' then (s.decided_at at time zone $2)::date
    else e.performed_until end, s.quantity
  from service_entry_line s join service_entry e on e.id = s.entry_id
  where s.order_line_id = any($1) and s.state = 'accepted' and e.state <> 'reversed') came
where quantity <> 0 group by 1, 2
"""


async def days_of(view: View, base: str, lines: Sequence[UUID], zone: str) -> dict[UUID, list[tuple[date, Decimal]]]:
    """How much of each order line came (`goods_receipt`) or was accepted (`acceptance`) on which day, where goods come.

    A service has come on the last day on which it was done."""
    found: dict[UUID, list[tuple[date, Decimal]]] = {}
    for record in await view.fetch(_DAYS, list(lines), zone, base):
        found.setdefault(record["order_line_id"], []).append((record["day"], record["quantity"]))
    return found
