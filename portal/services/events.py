"""What happens to service entries. Scorecards keep their facts of services from these."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True)
class ServiceEntryCreated:
    """A draft, which only the supplier sees."""

    code = "service-entry.created"
    entry_id: UUID


@dataclass(frozen=True)
class ServiceEntryEdited:
    code = "service-entry.edited"
    entry_id: UUID


@dataclass(frozen=True)
class ServiceEntrySubmitted:
    """The buyer sees it from here on, and is to decide on each line."""

    code = "service-entry.submitted"
    entry_id: UUID
    order_id: UUID


@dataclass(frozen=True)
class ServiceEntryCancelled:
    """The supplier took it back before anybody decided."""

    code = "service-entry.cancelled"
    entry_id: UUID
    reason: str


@dataclass(frozen=True)
class PerformedLine:
    """How much of an order line, in its unit. `kind` is service or limit."""

    order_line_id: UUID
    kind: str
    quantity: Decimal


@dataclass(frozen=True)
class ServiceAccepted:
    """Lines count as performed from here on; a service is judged by the day on which it was done."""

    code = "service-entry.accepted"
    entry_id: UUID
    order_id: UUID
    performed_until: date
    lines: tuple[PerformedLine, ...] = field(default=())


@dataclass(frozen=True)
class ServiceRejected:
    """Lines count for nothing; the supplier may enter them again."""

    code = "service-entry.rejected"
    entry_id: UUID
    order_id: UUID
    reason: str
    lines: tuple[PerformedLine, ...] = field(default=())


@dataclass(frozen=True)
class ServiceReversed:
    """An acceptance was a mistake; its lines are the quantities undone, as positive figures."""

    code = "service-entry.reversed"
    entry_id: UUID
    order_id: UUID
    lines: tuple[PerformedLine, ...] = field(default=())
