"""What is to be performed under a contract, beside its prices: as it is written, and as both sides read it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

import msgspec

from portal.platform.decimals import ZERO
from portal.platform.fields import Day, Line, Percent, Quantity, Text
from portal.platform.i18n import Message, _
from portal.platform.problems import FieldError, Problems

MOST_LEVELS, MOST_DELIVERABLES, MOST_DELIVERIES = 7, 100, 500
Measure = Literal[
    "on_time_requested",
    "on_time_first_confirmed",
    "quality",
    "fill_rate",
    "responsiveness",
    "price",
    "invoice_accuracy",
]


class Owed(Line):
    """What is to be delivered."""

    longest = 200
    example = "Test report of the first batch"


class Remedy(Line):
    """What follows if a level is missed."""

    longest = 300
    example = "A plan of corrective action within two weeks"


class ServiceLevelForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`least` percent, by a measure of the scorecards."""

    measure: Measure
    least: Percent
    remedy: Remedy | None = None


class DeliverableForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`id` names one that the contract has already: it keeps what was reported of it."""

    id: UUID | None = None
    title: Owed
    detail: Text | None = None
    due_on: Day


class DeliveryForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    item_id: UUID
    quantity: Quantity
    due_on: Day


class PerformanceForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """All that is to be performed, each list in its order."""

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "levels": [{"measure": "on_time_requested", "least": "95"}],
        "deliverables": [{"title": "Test report of the first batch", "due_on": "2027-02-01"}],
    }
    levels: Annotated[list[ServiceLevelForm], msgspec.Meta(max_length=MOST_LEVELS)] = []
    deliverables: Annotated[list[DeliverableForm], msgspec.Meta(max_length=MOST_DELIVERABLES)] = []
    deliveries: Annotated[list[DeliveryForm], msgspec.Meta(max_length=MOST_DELIVERIES)] = []

    def __post_init__(self) -> None:
        errors = [
            *_once("levels", "measure", (each.measure for each in self.levels), _("This is measured above already.")),
            *_once(
                "deliverables", "title", (each.title for each in self.deliverables), _("This is owed above already.")
            ),
            *_once(
                "deliveries",
                "due_on",
                ((each.item_id, each.due_on) for each in self.deliveries),
                _("This item has a delivery on this day above already."),
            ),
        ]
        errors += [
            FieldError(f"levels.{place}.least", _("Enter a percentage above 0."))
            for place, each in enumerate(self.levels)
            if each.least <= ZERO
        ]
        if errors:
            raise Problems(errors)


def _once(grid: str, field: str, said: Iterable[Any], message: Message) -> Iterator[FieldError]:
    seen: set[Any] = set()
    for place, each in enumerate(said):
        if each in seen:
            yield FieldError(f"{grid}.{place}.{field}", message)
        seen.add(each)


class ServiceLevelOut(msgspec.Struct):
    id: UUID
    position: int
    measure: str
    least: Decimal
    remedy: str


class DeliverableOut(msgspec.Struct):
    """`said` is what the supplier last reported, `objection` why that was not enough."""

    id: UUID
    position: int
    version: int
    title: str
    detail: str
    due_on: date
    state: str
    said: str
    delivered_at: datetime | None
    objection: str
    judged_at: datetime | None


class DeliveryOut(msgspec.Struct):
    """`called_off` is how much of it orders have called off: they are counted for the earliest day first."""

    id: UUID
    position: int
    item_id: UUID
    item_number: str
    description: str
    unit: str
    quantity: Decimal
    due_on: date
    called_off: Decimal
