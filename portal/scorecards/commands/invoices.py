"""Facts of what was invoiced: the price beside the ordered one, and whether the first match found a difference."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from portal.platform.work import Change


class Invoiced(NamedTuple):
    """What an invoice asks for one order line: a price per `base_quantity`, and how many differences were found."""

    line_id: UUID
    quantity: Decimal
    unit_price: Decimal
    base_quantity: Decimal
    exceptions: int


_MATCHED = """
insert into invoice_fact (invoice_id, buyer_id, supplier_id, shown_to, order_id, line_id, counts_on, quantity,
  currency, invoiced_amount, ordered_amount, exceptions, matched_first_time)
select $1, f.buyer_id, f.supplier_id, f.shown_to, f.order_id, f.line_id, ($2 at time zone f.time_zone)::date,
  i.quantity, f.currency, trim_scale(i.amount), trim_scale(i.quantity * f.unit_price / f.base_quantity),
  i.exceptions, $3
from (
  select line_id, sum(quantity) as quantity, sum(quantity * unit_price / base_quantity) as amount,
    sum(exceptions) as exceptions
  from jsonb_to_recordset($4)
    as (line_id uuid, quantity numeric, unit_price numeric, base_quantity numeric, exceptions int)
  group by line_id) i
join schedule_fact f on f.line_id = i.line_id and f.sequence = 1
on conflict (invoice_id, line_id) do update set quantity = excluded.quantity, exceptions = excluded.exceptions,
  invoiced_amount = excluded.invoiced_amount, ordered_amount = excluded.ordered_amount
"""


def note_match(change: Change, invoice_id: UUID, matched: bool, lines: Sequence[Invoiced]) -> None:
    """An invoice was matched. Matched again, its amounts follow, but the first attempt stays what it was."""
    change.sql(_MATCHED, invoice_id, change.now, matched, [line._asdict() for line in lines])
