"""What happened between a buyer and a supplier, month by month: orders, deliveries, invoices."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from portal.access.guards import allowed, scoped
from portal.platform.guarded import FIELDS
from portal.platform.paging import Bind
from portal.platform.scope import visible
from portal.platform.work import View

GUARDED = FIELDS["month"]
MOST = 12
# A month is of the buyer's calendar; sums are of one currency, so a month with two has two rows.
_MONTHS = """
with pair as (select time_zone from organisation where id = $1),
happened as (
  select date_trunc('month', o.issued_at at time zone pair.time_zone)::date as month, o.currency, 1 as orders,
    0 as receipts, 0 as invoices, o.gross as ordered, 0::numeric as invoiced
  from purchase_order o cross join pair
  where o.buyer_id = $1 and o.supplier_id = $2 and o.issued_at is not null
    and o.state not in ('rejected', 'cancelled') and {orders}
  union all
  select date_trunc('month', g.delivered_at at time zone pair.time_zone)::date, '', 0, 1, 0, 0, 0
  from goods_receipt g cross join pair
  where g.buyer_id = $1 and g.supplier_id = $2 and g.state = 'booked' and {receipts}
  union all
  select date_trunc('month', e.performed_until)::date, '', 0, 1, 0, 0, 0
  from service_entry e where e.buyer_id = $1 and e.supplier_id = $2 and e.state = 'accepted' and {services}
  union all
  select date_trunc('month', n.issue_date)::date, n.currency, 0, 0, 1, 0, n.gross
  from invoice n where n.buyer_id = $1 and n.supplier_id = $2 and n.state not in ('draft', 'rejected') and {invoices}),
counted as (
  select month, sum(orders) as orders, sum(receipts) as receipts, sum(invoices) as invoices
  from happened group by month order by month desc limit {most}),
summed as (
  select month, currency, sum(ordered) as ordered, sum(invoiced) as invoiced
  from happened where currency <> '' group by month, currency)
select c.month, c.orders::int, c.receipts::int, c.invoices::int, coalesce((
  select jsonb_agg(jsonb_build_object('currency', s.currency, 'ordered', s.ordered::text, 'invoiced', s.invoiced::text)
    order by s.currency) from summed s where s.month = c.month), '[]') as sums
from counted c order by c.month desc
"""


class Sums(msgspec.Struct):
    """What was ordered and invoiced in a month in one currency, with tax."""

    currency: str
    ordered: Decimal | None
    invoiced: Decimal | None


class Month(msgspec.Struct):
    """How many orders were issued, deliveries received (also services accepted) and invoices sent in a month."""

    month: Any
    orders: int
    receipts: int
    invoices: int
    sums: list[Sums]


async def months_of(view: View, buyer_id: UUID, supplier_id: UUID) -> list[Month]:
    """The last months in which anything happened, newest first; what its reader may not read is not counted."""
    bind = Bind(buyer_id, supplier_id)
    sides = {
        "orders": _reads(view, "orders:read", "o", bind),
        "receipts": _reads(view, "goods-receipts:read", "o", bind, "goods_receipt_line x", "x.receipt_id = g.id"),
        "services": _reads(view, "service-entries:read", "o", bind, "service_entry_line x", "x.entry_id = e.id"),
        "invoices": _reads(view, "invoices:read", "o", bind, "invoice_line x", "x.invoice_id = n.id"),
    }
    records = await view.fetch(_MONTHS.format(most=MOST, **sides), *bind.values)
    months = [
        Month(**{**dict(record), "sums": msgspec.convert(record["sums"], list[Sums], strict=False)})
        for record in records
    ]
    return [visible(month, GUARDED, lambda permission: allowed(view.actor, permission)) for month in months]


def _reads(view: View, permission: str, alias: str, bind: Bind, lines: str = "", of: str = "") -> str:
    """SQL: the reader holds the permission on the record, by the orders that its lines belong to."""
    within = scoped(view.actor, permission, alias, bind)
    if not lines or within in ("true", "false"):
        return within
    return f"exists (select from {lines} join purchase_order o on o.id = x.order_id where {of} and {within})"
