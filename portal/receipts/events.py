"""What happens to goods receipts. One event per order concerned; scorecards keep their facts from these."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True)
class ReceivedLine:
    """What came of an order line, in the order's unit."""

    order_line_id: UUID
    accepted: Decimal
    rejected: Decimal


@dataclass(frozen=True)
class GoodsReceived:
    """`delivered_at` is when the goods came, whenever that was booked: deliveries are judged by it."""

    code = "goods-receipt.booked"
    receipt_id: UUID
    order_id: UUID
    delivered_at: datetime
    lines: tuple[ReceivedLine, ...] = field(default=())


@dataclass(frozen=True)
class ReceiptReversed:
    """A receipt was a mistake; its lines are the quantities undone, as positive figures."""

    code = "goods-receipt.reversed"
    receipt_id: UUID
    order_id: UUID
    delivered_at: datetime
    lines: tuple[ReceivedLine, ...] = field(default=())
