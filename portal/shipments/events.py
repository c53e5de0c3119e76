"""What happens to despatch advices. One event per order concerned: each order's timeline tells its own part."""

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True)
class DespatchAdviceCreated:
    """A draft, which only the supplier sees."""

    code = "despatch-advice.created"
    advice_id: UUID


@dataclass(frozen=True)
class DespatchAdviceEdited:
    code = "despatch-advice.edited"
    advice_id: UUID


@dataclass(frozen=True)
class DespatchAdviceCancelled:
    """The draft was dropped; the buyer never saw it."""

    code = "despatch-advice.cancelled"
    advice_id: UUID
    reason: str


@dataclass(frozen=True)
class DespatchedLine:
    """How much of an order line is on its way; batches of one line are lines of their own."""

    order_line_id: UUID
    quantity: Decimal


@dataclass(frozen=True)
class GoodsDespatched:
    """The buyer sees the advice from here on, and the order's ledger counts what is on its way."""

    code = "despatch-advice.despatched"
    advice_id: UUID
    order_id: UUID
    lines: tuple[DespatchedLine, ...] = field(default=())


@dataclass(frozen=True)
class DeliveryEnded:
    """The rest did not come, as the buyer says: it counts as never despatched."""

    code = "despatch-advice.ended"
    advice_id: UUID
    order_id: UUID
    reason: str
    lines: tuple[DespatchedLine, ...] = field(default=())
