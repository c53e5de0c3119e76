"""Facts of what came: what they make of each schedule line is derived from all of them, in whatever order they are
booked."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from portal.platform.work import Change
from portal.scorecards.commands.derive import derive


class Delivered(NamedTuple):
    """What came of one order line."""

    line_id: UUID
    accepted: Decimal
    rejected: Decimal
    in_inspection: Decimal = Decimal(0)


_DELIVERED = """
insert into delivery_fact (receipt_id, buyer_id, supplier_id, shown_to, order_id, line_id, delivered_on, counts_on,
  accepted, rejected, in_inspection)
select $1, f.buyer_id, f.supplier_id, f.shown_to, f.order_id, f.line_id, m.measured, d.day, r.accepted, r.rejected,
  r.in_inspection
from (select line_id, sum(accepted) as accepted, sum(rejected) as rejected, sum(in_inspection) as in_inspection
  from jsonb_to_recordset($3) as (line_id uuid, accepted numeric, rejected numeric, in_inspection numeric)
  group by line_id) r
join schedule_fact f on f.line_id = r.line_id and f.sequence = 1
join purchase_order o on o.id = f.order_id
cross join lateral (select coalesce($4::date, ($2::timestamptz at time zone f.time_zone)::date) as day) d
cross join lateral (select case when o.incoterm ~* '^\\s*(EXW|FCA)\\M'
  then least(d.day, ($5::timestamptz at time zone f.time_zone)::date) else d.day end as measured) m
on conflict (line_id, receipt_id) do nothing
"""
_UNDONE = """
update delivery_fact d set accepted = d.accepted - r.accepted, rejected = d.rejected - r.rejected,
  in_inspection = d.in_inspection - r.in_inspection, reversed_at = $2
from (select line_id, sum(accepted) as accepted, sum(rejected) as rejected, sum(in_inspection) as in_inspection
  from jsonb_to_recordset($3) as (line_id uuid, accepted numeric, rejected numeric, in_inspection numeric)
  group by line_id) r
where d.receipt_id = $1 and d.line_id = r.line_id
"""
_INSPECTED = """
update delivery_fact d set accepted = d.accepted + $2 * r.accepted, rejected = d.rejected + $2 * r.rejected,
  in_inspection = d.in_inspection - $2 * (r.accepted + r.rejected)
from (select line_id, sum(accepted) as accepted, sum(rejected) as rejected
  from jsonb_to_recordset($3) as (line_id uuid, accepted numeric, rejected numeric) group by line_id) r
where d.receipt_id = $1 and d.line_id = r.line_id
"""


def book_delivery(
    change: Change,
    receipt_id: UUID,
    delivered_at: datetime,
    lines: Sequence[Delivered],
    despatched_at: datetime | None = None,
) -> None:
    """Goods came. The day is the one at the buyer's site.

    Punctuality is measured where the order's term ends the supplier's part: under EXW and FCA on the day when they were
    handed over, which is when the despatch was told to the portal, else when they arrived.
    """
    change.sql(_DELIVERED, receipt_id, delivered_at, _plain(lines), None, despatched_at)
    derive(change, [line.line_id for line in lines])


def book_service(change: Change, entry_id: UUID, performed_until: date, lines: Sequence[Delivered]) -> None:
    """Services were accepted: they came on the last day of their period, whenever the buyer said so."""
    change.sql(_DELIVERED, entry_id, None, _plain(lines), performed_until, None)
    derive(change, [line.line_id for line in lines])


def note_inspection(change: Change, receipt_id: UUID, lines: Sequence[Delivered], *, undone: bool = False) -> None:
    """What waited since its delivery is judged, as of the day it came; `undone` makes it wait again."""
    change.sql(_INSPECTED, receipt_id, -1 if undone else 1, _plain(lines))
    derive(change, [line.line_id for line in lines])


def undo_delivery(change: Change, receipt_id: UUID, lines: Sequence[Delivered]) -> None:
    """A receipt, or some of it, was booked by mistake: it is as if that had never come."""
    change.sql(_UNDONE, receipt_id, change.now, _plain(lines))
    derive(change, [line.line_id for line in lines])


def _plain(lines: Sequence[Delivered]) -> list[dict[str, Any]]:
    return [line._asdict() for line in lines]
