"""Facts of what was invoiced: the amount beside the ordered one, and whether the first match found a difference.

Both amounts are net, in the order's currency: what the invoice says of the line, with its allowances and charges; and
what the agreed price made of the same quantity, by the frozen factor to its unit and less the agreed discount.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from portal.platform.money import MINOR_UNITS, decimals
from portal.platform.work import Change


class Invoiced(NamedTuple):
    """What an invoice asks for one order line: net, for a quantity, and how many differences were found."""

    line_id: UUID
    quantity: Decimal
    net: Decimal
    exceptions: int


_WHOLE = [code for code in MINOR_UNITS if decimals(code) == 0]
# An invoice counts on one day, whatever sites its orders are for: it comes to the company. A part is rounded like an
# order line's: the gross amount, then the discount.
_MATCHED = """
insert into invoice_fact (invoice_id, buyer_id, supplier_id, shown_to, order_id, line_id, counts_on, quantity,
  currency, invoiced_amount, ordered_amount, exceptions, matched_first_time)
select $1, f.buyer_id, f.supplier_id, f.shown_to, f.order_id, f.line_id, ($2 at time zone b.time_zone)::date,
  i.quantity, f.currency, trim_scale(i.net), trim_scale(o.gross - round(o.gross * f.discount * 0.01, o.places)),
  i.exceptions, $3
from (
  select line_id, sum(quantity) as quantity, sum(net) as net, sum(exceptions) as exceptions
  from jsonb_to_recordset($4) as (line_id uuid, quantity numeric, net numeric, exceptions int)
  group by line_id) i
join schedule_fact f on f.line_id = i.line_id and f.sequence = 1 join organisation b on b.id = f.buyer_id
cross join lateral (select case when f.currency = any($5::text[]) then 0 else 2 end as places) d
cross join lateral (
  select d.places, round(i.quantity * f.unit_price * f.price_factor / f.base_quantity, d.places) as gross) o
on conflict (invoice_id, line_id) do nothing
"""


def note_match(change: Change, invoice_id: UUID, matched: bool, lines: Sequence[Invoiced]) -> None:
    """An invoice was matched for the first time: what it asked and whether it agreed is a fact for good."""
    change.sql(_MATCHED, invoice_id, change.now, matched, [line._asdict() for line in lines], _WHOLE)
