"""What happens to purchase orders, from their draft to their end."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True)
class OrderCreated:
    code = "purchase-order.created"
    order_id: UUID
    supplier_id: UUID


@dataclass(frozen=True)
class OrderEdited:
    code = "purchase-order.edited"
    order_id: UUID


@dataclass(frozen=True)
class OrderSubmitted:
    code = "purchase-order.submitted"
    order_id: UUID
    gross: Decimal
    currency: str


@dataclass(frozen=True)
class OrderApproved:
    code = "purchase-order.approved"
    order_id: UUID
    gross: Decimal
    currency: str


@dataclass(frozen=True)
class OrderReturned:
    code = "purchase-order.returned"
    order_id: UUID
    reason: str


@dataclass(frozen=True)
class OrderWithdrawn:
    """Its author took it back before anybody decided on it."""

    code = "purchase-order.withdrawn"
    order_id: UUID


@dataclass(frozen=True)
class OrderDiscarded:
    """Its author threw the draft away; the number stays used."""

    code = "purchase-order.discarded"
    order_id: UUID


@dataclass(frozen=True)
class OrderIssued:
    """The supplier sees the order from here on, and its response deadline runs."""

    code = "purchase-order.issued"
    order_id: UUID
    revision: int
    supplier_id: UUID
    response_due_at: datetime | None


@dataclass(frozen=True)
class OrderAcknowledged:
    """AB: received, not yet processed."""

    code = "purchase-order.acknowledged"
    order_id: UUID
    response_id: UUID


@dataclass(frozen=True)
class OrderAccepted:
    """AP, or a counter-offer inside the buyer's tolerances, which makes a new revision."""

    code = "purchase-order.accepted"
    order_id: UUID
    response_id: UUID
    revision: int


@dataclass(frozen=True)
class OrderCountered:
    """CA: nothing is agreed until the buyer decides."""

    code = "purchase-order.countered"
    order_id: UUID
    response_id: UUID


@dataclass(frozen=True)
class OrderRejected:
    code = "purchase-order.rejected"
    order_id: UUID
    response_id: UUID
    reason: str


@dataclass(frozen=True)
class CounterOfferAccepted:
    """The counter-offer is the order's present revision."""

    code = "purchase-order.counter-offer-accepted"
    order_id: UUID
    response_id: UUID
    revision: int


@dataclass(frozen=True)
class CounterOfferDeclined:
    code = "purchase-order.counter-offer-declined"
    order_id: UUID
    response_id: UUID
    reason: str


@dataclass(frozen=True)
class OrderHeld:
    code = "purchase-order.held"
    order_id: UUID
    reason: str


@dataclass(frozen=True)
class OrderReleased:
    code = "purchase-order.released"
    order_id: UUID


@dataclass(frozen=True)
class OrderClosed:
    code = "purchase-order.closed"
    order_id: UUID


@dataclass(frozen=True)
class LineClosedShort:
    """Nothing more of a line is wanted than `closed_to`: `quantity` of it will not come. Both are in the order unit."""

    code = "purchase-order.line-closed"
    order_id: UUID
    line_id: UUID
    line: int
    description: str
    closed_to: Decimal
    quantity: Decimal
    reason: str


@dataclass(frozen=True)
class LineReopened:
    """What was open of a line before it was closed short is wanted again."""

    code = "purchase-order.line-reopened"
    order_id: UUID
    line_id: UUID
    line: int
    description: str


@dataclass(frozen=True)
class OrderCancelled:
    """`cause` is whose doing it was: the buyer's or the supplier's."""

    code = "purchase-order.cancelled"
    order_id: UUID
    reason: str
    cause: str = "buyer"


@dataclass(frozen=True)
class OrderViewed:
    """Somebody at the supplier opened the order for the first time."""

    code = "purchase-order.viewed"
    order_id: UUID


@dataclass(frozen=True)
class Promise:
    """What is agreed for one schedule line: the quantity and the date."""

    schedule_line_id: UUID
    line_id: UUID
    quantity: Decimal
    promised_date: date | None


@dataclass(frozen=True)
class DeliveriesPromised:
    """The agreed schedule of an order after an answer was accepted; scorecards keep first and last promise."""

    code = "purchase-order.deliveries-promised"
    order_id: UUID
    promises: tuple[Promise, ...] = field(default=())
