"""What happens to goods receipts. One event per order concerned; scorecards keep their facts from these."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True)
class ReceivedLine:
    """What came of an order line, or of what waited in inspection of it, in the order's unit."""

    order_line_id: UUID
    accepted: Decimal
    rejected: Decimal
    in_inspection: Decimal = Decimal(0)


@dataclass(frozen=True)
class GoodsReceived:
    """`delivered_at` is when the goods came, whenever that was booked: deliveries are judged by it. `despatched_at` is
    when the supplier told their despatch, where they came with a despatch advice."""

    code = "goods-receipt.booked"
    receipt_id: UUID
    order_id: UUID
    delivered_at: datetime
    lines: tuple[ReceivedLine, ...] = field(default=())
    despatched_at: datetime | None = None


@dataclass(frozen=True)
class ReceiptReversed:
    """A receipt was a mistake; its lines are the quantities undone, as positive figures."""

    code = "goods-receipt.reversed"
    receipt_id: UUID
    order_id: UUID
    delivered_at: datetime
    lines: tuple[ReceivedLine, ...] = field(default=())


@dataclass(frozen=True)
class GoodsInspected:
    """Goods that waited in inspection were accepted or rejected: their delivery is judged by it from now on."""

    code = "goods-inspection.booked"
    receipt_id: UUID
    order_id: UUID
    lines: tuple[ReceivedLine, ...] = field(default=())


@dataclass(frozen=True)
class InspectionReversed:
    """An inspection was a mistake: its goods wait again. Quantities are those undone, as positive figures."""

    code = "goods-inspection.reversed"
    receipt_id: UUID
    order_id: UUID
    lines: tuple[ReceivedLine, ...] = field(default=())
