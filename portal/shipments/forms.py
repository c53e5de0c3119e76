"""What a supplier says of a despatch, and what both sides get to see of it. There are no prices in it."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from portal.organisations.forms import PartyOut
from portal.platform.fields import Code, Count, Day, Line, Quantity
from portal.platform.i18n import Message, _
from portal.platform.problems import FieldError, Problems
from portal.shipments.rules import sscc_holds

MOST_LINES = 2000
MOST_PACKAGES = 1000


class Carrier(Line):
    """Who carries the goods, by name."""

    longest = 100
    example = "Northern Freight"


class PackageType(Line):
    """What kind of package, as a code of UN/ECE Recommendation 21 or in words."""

    longest = 35
    example = "PX"


class Sscc(Code):
    """Serial Shipping Container Code: 18 digits, the last of them checks the others (GS1)."""

    pattern = "^[0-9]{18}$"
    example = "340123450000000017"
    longest = 18

    @classmethod
    def admits(cls, text: str) -> bool:
        return sscc_holds(text)

    @classmethod
    def expected(cls) -> Message:
        return _(
            "Enter an SSCC: 18 digits of which the last one checks the others, such as {example}.", example=cls.example
        )


class PackageForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One package; its gross weight in kilograms."""

    sscc: Sscc | None = None
    type: PackageType | None = None
    weight: Quantity | None = None


class DespatchLineForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How much of an order line; several lines may name the same order line with different batches.

    `outstanding_quantity` declares what is still to come after this despatch; 0 says that nothing more will.
    """

    order_line_id: UUID
    quantity: Quantity
    batch: Code | None = None
    outstanding_quantity: Count | None = None


class DespatchForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A despatch of one buyer's orders. `despatch_date` is today unless it says otherwise."""

    lines: Annotated[list[DespatchLineForm], msgspec.Meta(min_length=1, max_length=MOST_LINES)]
    despatch_date: Day | None = None
    expected_date: Day | None = None
    carrier: Carrier | None = None
    tracking_number: Code | None = None
    packages: Annotated[list[PackageForm], msgspec.Meta(max_length=MOST_PACKAGES)] | None = None

    def __post_init__(self) -> None:
        errors = list(self._problems())
        if errors:
            raise Problems(errors)

    def _problems(self) -> Iterator[FieldError]:
        if self.despatch_date and self.expected_date and self.expected_date < self.despatch_date:
            yield FieldError("expected_date", _("Goods arrive on the day they leave or later."))
        seen: set[str] = set()
        for number, package in enumerate(self.packages or ()):
            if package.sscc is not None and package.sscc in seen:
                yield FieldError(f"packages.{number}.sscc", _("Another package has this SSCC already."))
            seen.add(package.sscc or "")


class NewDespatchForm(DespatchForm):
    """A despatch that `leaves` goes at once, in the same act: the buyer sees it, and it is no draft."""

    leaves: bool = False


class OrderRef(msgspec.Struct):
    """An order that a delivery belongs to."""

    id: UUID
    number: str


class PackageOut(msgspec.Struct):
    sscc: str | None = None
    type: str | None = None
    weight: str | None = None


class DespatchLineOut(msgspec.Struct):
    """`received` is how much of the quantity came so far, accepted or rejected; `missing` how much did not come."""

    id: UUID
    order_id: UUID
    order_line_id: UUID
    order_number: str
    line: int
    item_number: str
    description: str
    quantity: Decimal
    unit: str
    batch: str
    outstanding_quantity: Decimal | None
    received: Decimal
    missing: Decimal
    ship_to: dict[str, str]


class AdviceRow(msgspec.Struct):
    """A despatch advice in a list. `receipt_status` is none, partial or complete, as far as goods are expected: it is
    over (`ended_at`) once somebody said that the rest did not come."""

    id: UUID
    number: str
    version: int
    state: str
    receipt_status: str
    supplier: PartyOut
    buyer: PartyOut
    orders: list[OrderRef]
    despatch_date: date | None
    expected_date: date | None
    carrier: str
    tracking_number: str
    created_at: datetime
    despatched_at: datetime | None
    ended_at: datetime | None


class AdviceOut(AdviceRow):
    """A despatch advice with everything in it."""

    ship_to: dict[str, str]
    packages: list[PackageOut]
    reason: str
    end_reason: str
    lines: list[DespatchLineOut]
