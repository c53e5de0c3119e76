"""What happens to proposed changes of orders, and to the order that the buyer issues again."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True)
class ChangeProposed:
    """The buyer wants more of an issued order than was approved: its approvers decide, unseen by the supplier."""

    code = "order-change.proposed"
    change_id: UUID
    order_id: UUID
    reason: str


@dataclass(frozen=True)
class ChangeOffered:
    """The supplier wants to change an order that both sides agreed on; nothing changes until the buyer accepts."""

    code = "order-change.offered"
    change_id: UUID
    order_id: UUID
    reason: str


@dataclass(frozen=True)
class ChangeApproved:
    code = "order-change.approved"
    change_id: UUID
    order_id: UUID
    gross: Decimal
    currency: str


@dataclass(frozen=True)
class ChangeAccepted:
    """The supplier's change is the order's present revision."""

    code = "order-change.accepted"
    change_id: UUID
    order_id: UUID
    revision: int


@dataclass(frozen=True)
class ChangeTaken:
    """The same, at once: it lies within what the buyer agrees to in advance."""

    code = "order-change.taken"
    change_id: UUID
    order_id: UUID
    revision: int


@dataclass(frozen=True)
class ChangeDeclined:
    """The buyer declined the supplier's change, or an approver that of the buyer."""

    code = "order-change.declined"
    change_id: UUID
    order_id: UUID
    reason: str


@dataclass(frozen=True)
class ChangeWithdrawn:
    code = "order-change.withdrawn"
    change_id: UUID
    order_id: UUID


@dataclass(frozen=True)
class ChangeOvertaken:
    """The order went on, or ended, in another way before anybody decided on it."""

    code = "order-change.overtaken"
    change_id: UUID
    order_id: UUID


@dataclass(frozen=True)
class Wish:
    """A delivery of a line that the buyer wants otherwise now: `quantity` of it, and of the whole line `ordered`."""

    schedule_line_id: UUID
    line_id: UUID
    quantity: Decimal
    ordered: Decimal
    requested_date: date | None


@dataclass(frozen=True)
class OrderRevised:
    """The buyer issued the order again as `revision`, and the supplier answers it anew.

    `asked` are the deliveries of lines that were changed, `taken_off` the lines of which nothing is wanted any more.
    """

    code = "purchase-order.revised"
    order_id: UUID
    change_id: UUID
    revision: int
    response_due_at: datetime | None = None
    asked: tuple[Wish, ...] = field(default=())
    taken_off: tuple[UUID, ...] = field(default=())
