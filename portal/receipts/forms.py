"""What a receiver books, and what both sides get to see of it. There are no prices in it."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec

from portal.organisations.forms import PartyOut
from portal.platform.decimals import ZERO
from portal.platform.fields import Code, Count, Moment, Text
from portal.platform.i18n import _
from portal.platform.problems import FieldError, Problems
from portal.shipments.forms import OrderRef

MOST_LINES = 2000


class Why(Text):
    """What is wrong with goods, in a sentence or two."""

    longest = 1000
    example = "Bent"


class ReceiptLineForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What came of an order line, in its unit. `in_inspection` is neither accepted nor rejected yet: inspections say
    later what becomes of it.

    What is rejected is to be delivered again unless `replacement` is false. `despatch_line_id` says of which line
    (batch) of the despatch advice; without it, of those that still await goods.
    """

    order_line_id: UUID
    accepted: Count
    rejected: Count | None = None
    in_inspection: Count | None = None
    replacement: bool = True
    reason: Why | None = None
    despatch_line_id: UUID | None = None


class ReceiptForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What came, against a despatch advice or against orders alone. `delivered_at` is now unless it says otherwise."""

    lines: Annotated[list[ReceiptLineForm], msgspec.Meta(min_length=1, max_length=MOST_LINES)]
    despatch_advice_id: UUID | None = None
    delivered_at: Moment | None = None
    delivery_note: Code | None = None

    def __post_init__(self) -> None:
        errors = [
            FieldError(f"lines.{number}.accepted", _("Enter what was accepted or what was rejected."))
            for number, line in enumerate(self.lines)
            if not any((part or ZERO) > ZERO for part in (line.accepted, line.rejected, line.in_inspection))
        ]
        if errors:
            raise Problems(errors)


class InspectionLineForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What became of goods that wait, by the line of the receipt: accepted, rejected, or a part of each.

    What is rejected is to be delivered again unless `replacement` is false.
    """

    receipt_line_id: UUID
    accepted: Count | None = None
    rejected: Count | None = None
    replacement: bool = True
    reason: Why | None = None


class InspectionForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What was found of goods in inspection; what is not named goes on waiting. Who rejects says why."""

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "lines": [
            {
                "receipt_line_id": "019a7c1e-5f00-7000-8000-00000000c0de",
                "accepted": "8",
                "rejected": "2",
                "reason": "Bent",
            }
        ]
    }

    lines: Annotated[list[InspectionLineForm], msgspec.Meta(min_length=1, max_length=MOST_LINES)]

    def __post_init__(self) -> None:
        if errors := [error for number, line in enumerate(self.lines) for error in _unsaid(number, line)]:
            raise Problems(errors)


def _unsaid(number: int, line: InspectionLineForm) -> Iterator[FieldError]:
    rejected = line.rejected or ZERO
    if not (line.accepted or ZERO) > ZERO and not rejected > ZERO:
        yield FieldError(f"lines.{number}.accepted", _("Enter what was accepted or what was rejected."))
    if rejected > ZERO and not (line.reason or "").strip():
        yield FieldError(f"lines.{number}.reason", _("Say what is wrong with the rejected goods."))


class InspectionOut(msgspec.Struct):
    """What one inspection found; `state` is booked or reversed."""

    id: UUID
    receipt_line_id: UUID
    order_line_id: UUID
    order_number: str
    line: int
    description: str
    accepted: Decimal
    rejected: Decimal
    replacement: bool
    unit: str
    reason: str
    state: str
    created_at: datetime
    reversed_at: datetime | None
    reversal_reason: str


class ReceiptLineOut(msgspec.Struct):
    """What came of an order line; `in_inspection` is what still waits of the `to_inspect` that came."""

    id: UUID
    order_id: UUID
    order_line_id: UUID
    despatch_line_id: UUID | None
    order_number: str
    line: int
    item_number: str
    description: str
    accepted: Decimal
    rejected: Decimal
    to_inspect: Decimal
    in_inspection: Decimal
    replacement: bool
    unit: str
    reason: str


class ReceiptRow(msgspec.Struct):
    """A goods receipt in a list."""

    id: UUID
    number: str
    version: int
    state: str
    buyer: PartyOut
    supplier: PartyOut
    orders: list[OrderRef]
    despatch_advice_id: UUID | None
    despatch_advice_number: str
    delivered_at: datetime
    booked_at: datetime
    delivery_note: str
    has_rejected: bool


class ReceiptOut(ReceiptRow):
    """A goods receipt with everything in it."""

    site_id: UUID | None
    reversed_at: datetime | None
    reversal_reason: str
    lines: list[ReceiptLineOut]
    inspections: list[InspectionOut]
