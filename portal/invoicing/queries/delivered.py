"""When billed goods came, as an invoice tells it (BT-72, or a period, BG-14), and which despatch advice it is of."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from portal.invoicing.tables import Invoice
from portal.platform.work import View
from portal.platform.work.parts import json_part

_OWN = "any(array(select order_line_id from invoice_line where invoice_id = $1))"
_ZONE = "(select time_zone from organisation where id = $3)"
# Of the delivery that is billed, else of what came since the lines were billed before; what has not come is dated by
# its despatch. A day is that of the place where goods come ($3); services have the days of their period.
_DELIVERED = f"""
with before as (
  select coalesce(max(i.submitted_at), '-infinity') as at from invoice i join invoice_line l on l.invoice_id = i.id
  where l.order_line_id = {_OWN} and i.id <> $1 and i.state not in ('draft', 'rejected')),
came as (
  select (g.delivered_at at time zone {_ZONE})::date as day from goods_receipt_line r
  join goods_receipt g on g.id = r.receipt_id cross join before
  where r.order_line_id = {_OWN} and g.state = 'booked' and r.accepted + r.to_inspect > 0
    and (g.despatch_advice_id = $2 or $2::uuid is null and g.booked_at > before.at)
  union all
  select d.day from service_entry_line s join service_entry e on e.id = s.entry_id cross join before
  cross join lateral (values (e.performed_from), (e.performed_until)) as d (day)
  where s.order_line_id = {_OWN} and s.state = 'accepted' and e.state <> 'reversed'
    and $2::uuid is null and s.decided_at > before.at),
sent as (
  select d.despatch_date as day from despatch_line l join despatch_advice d on d.id = l.advice_id cross join before
  where l.order_line_id = {_OWN} and d.state = 'despatched'
    and (d.id = $2 or $2::uuid is null and d.despatched_at > before.at))
select min(day) as since, max(day) as until, (select number from despatch_advice where id = $2) as advice_number
from (select day from came union all select day from sent where not exists (select from came)) days
"""


class Delivered(NamedTuple):
    """From when until when it was delivered, and the number of the despatch advice that it bills, if it names one."""

    since: date | None
    until: date | None
    advice_number: str | None


# Of an invoice, the despatch advice that it names, and the buyer where goods come.
DELIVERED = json_part(
    f"select json_build_array(since, until, advice_number) from ({_DELIVERED}) found",
    Delivered,
    ["goods_receipt", "service_entry", "despatch_advice", "invoice"],
)


async def delivery_of(view: View, invoice: Invoice) -> dict[str, Any]:
    """`delivered` (since, until; None of what was never delivered) and `despatch_advice_number` of an invoice."""
    found = await view.part(DELIVERED, invoice.id, invoice.despatch_advice_id, invoice.buyer_id)
    days = {"since": found.since, "until": found.until} if found.since else None
    return {"delivered": days, "despatch_advice_number": found.advice_number or ""}


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
