"""What a supplier enters, what a buyer answers, and what both sides get to see of it."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Literal
from uuid import UUID

import msgspec

from portal.organisations.forms import PartyOut
from portal.platform.decimals import ZERO
from portal.platform.fields import Amount, Code, Day, Quantity, Text
from portal.platform.guarded import FIELDS
from portal.platform.i18n import _
from portal.platform.problems import FieldError, Problems
from portal.platform.scope import Guarded

MOST_LINES = 2000
# What of an entry is seen with the right to see prices alone.
GUARDED = FIELDS["service-entry"]


class Why(Text):
    """Why a line is not accepted, in a sentence or two."""

    longest = 1000
    example = "The second visit was not agreed."


class ServiceLineForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How much of an order line was performed: a `quantity` in its unit, or an `amount` in the order's currency."""

    EXAMPLE: ClassVar[dict[str, str]] = {"order_line_id": "0190a1b2-c3d4-7e8f-9a0b-1c2d3e4f5a6b", "quantity": "7.5"}
    order_line_id: UUID
    quantity: Quantity | None = None
    amount: Amount | None = None
    text: Text | None = None


class ServiceEntryForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What was performed of one order from one day to another. `reference` is the supplier's own."""

    order_id: UUID
    lines: Annotated[list[ServiceLineForm], msgspec.Meta(min_length=1, max_length=MOST_LINES)]
    performed_from: Day
    performed_until: Day
    reference: Code | None = None
    note: Text | None = None

    def __post_init__(self) -> None:
        errors = list(self._problems())
        if errors:
            raise Problems(errors)

    def _problems(self) -> Iterator[FieldError]:
        if self.performed_until < self.performed_from:
            yield FieldError("performed_until", _("A period ends on the day it begins or later."))
        seen: set[UUID] = set()
        for number, line in enumerate(self.lines):
            if (line.quantity is None) == (line.amount is None):
                yield FieldError(f"lines.{number}.quantity", _("Enter a quantity or an amount, and not both."))
            if line.amount is not None and not line.amount > ZERO:
                yield FieldError(f"lines.{number}.amount", _("Enter an amount above 0."))
            if line.order_line_id in seen:
                yield FieldError(f"lines.{number}.order_line_id", _("This line is entered already: put both together."))
            seen.add(line.order_line_id)


class DecisionLineForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The answer to one line of the entry, by the line's id. Who rejects says why."""

    line_id: UUID
    decision: Literal["accept", "reject"]
    reason: Why | None = None


class DecisionForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Answers to lines that wait; lines not named go on waiting."""

    lines: Annotated[list[DecisionLineForm], msgspec.Meta(min_length=1, max_length=MOST_LINES)]

    def __post_init__(self) -> None:
        errors = [
            FieldError(f"lines.{number}.reason", _("Say why this line is rejected."))
            for number, line in enumerate(self.lines)
            if line.decision == "reject" and not (line.reason or "").strip()
        ]
        named = [line.line_id for line in self.lines]
        errors += [
            FieldError(f"lines.{number}.line_id", _("This line is answered twice."))
            for number, line in enumerate(named)
            if line in named[:number]
        ]
        if errors:
            raise Problems(errors)


class ServiceLineOut(msgspec.Struct):
    """A line of the entry; `state` is waiting, accepted or rejected.

    A quantity that is an amount of money, of a line up to a limit at a price of 1, is null for who may not see prices.
    """

    id: UUID
    order_line_id: UUID
    line: int
    kind: str
    item_number: str
    description: str
    quantity: Decimal | None
    unit: str
    net: Decimal | None
    text: str
    state: str
    reason: str
    decided_at: datetime | None

    @property
    def guarded_here(self) -> Guarded:
        return {"prices:read": frozenset({"quantity"})} if self.kind == "limit" and self.net == self.quantity else {}


class EntryRow(msgspec.Struct):
    """A service entry in a list; `net` is what all of its lines cost."""

    id: UUID
    number: str
    version: int
    state: str
    supplier: PartyOut
    buyer: PartyOut
    order_id: UUID
    order_number: str
    currency: str
    net: Decimal | None
    has_rejected: bool
    performed_from: date
    performed_until: date
    reference: str
    created_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None


class EntryOut(EntryRow):
    """A service entry with everything in it."""

    note: str
    reason: str
    reversed_at: datetime | None
    lines: list[ServiceLineOut]
