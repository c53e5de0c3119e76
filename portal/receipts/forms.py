"""What a receiver books, and what both sides get to see of it. There are no prices in it."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
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
    """What came of an order line, in its unit.

    What is rejected is to be delivered again unless `replacement` is false. `despatch_line_id` says of which line
    (batch) of the despatch advice; without it, of those that still await goods.
    """

    order_line_id: UUID
    accepted: Count
    rejected: Count | None = None
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
            if not line.accepted > ZERO and not (line.rejected or ZERO) > ZERO
        ]
        if errors:
            raise Problems(errors)


class ReceiptLineOut(msgspec.Struct):
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
