"""What people and programs get to see of scores. Shares and scores are numbers; quantities stay exact strings."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec

from portal.platform.decimals import HUNDRED, plain, total
from portal.platform.fields import Percent
from portal.platform.i18n import _
from portal.platform.problems import problem

Days = Annotated[int, msgspec.Meta(ge=0, le=365)]


class WeightsForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How much each criterion counts, in percent. A date that the supplier moved itself is never scored."""

    EXAMPLE: ClassVar[dict[str, str]] = {
        "on_time_requested": "20",
        "on_time_first_confirmed": "15",
        "quality": "25",
        "fill_rate": "10",
        "responsiveness": "10",
        "price": "10",
        "invoice_accuracy": "10",
    }

    on_time_requested: Percent
    on_time_first_confirmed: Percent
    quality: Percent
    fill_rate: Percent
    responsiveness: Percent
    price: Percent
    invoice_accuracy: Percent


class SettingsForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How a buyer scores. Without `early_days` goods may come as early as they like; `in_full_tolerance` is the percent
    of a quantity that may be missing when it still counts as in full."""

    weights: WeightsForm
    early_days: Days | None = None
    in_full_tolerance: Percent

    def __post_init__(self) -> None:
        together = total(getattr(self.weights, name) for name in WeightsForm.__struct_fields__)
        if together != HUNDRED:
            raise problem("weights", _("The weights come to {sum}, not to 100.", sum=plain(together)))


class SettingsOut(msgspec.Struct):
    """How a buyer scores its suppliers now."""

    version: int
    early_days: int | None
    in_full_tolerance: Decimal
    weights: dict[str, Decimal]


class PartyOut(msgspec.Struct):
    id: UUID
    name: str


class CriterionOut(msgspec.Struct):
    """One criterion: `value` is achieved ÷ base, from 0 to 1; `score` is out of 100. Both are null without data."""

    name: str
    weight: float
    value: float | None
    score: float | None
    count: int
    achieved: Decimal
    base: Decimal
    median_hours: float | None
    facts_url: str


class ScorecardOut(msgspec.Struct):
    """A supplier's score in a period, as its customer sees it. `coverage` is the percentage of weights with data;
    `no_standing_because` is no_data, low_coverage or too_few where there is no standing."""

    period: str
    buyer: PartyOut
    supplier: PartyOut
    score: float | None
    standing: str | None
    no_standing_because: str | None
    coverage: float
    count: int
    criteria: list[CriterionOut]


class FactOut(msgspec.Struct):
    """One fact behind a figure. The figure is Σ achieved ÷ Σ base; `expected` and `actual` are in `unit`."""

    id: UUID
    order_id: UUID
    order_number: str
    line: int | None
    description: str
    unit: str
    counts_on: date
    happened_on: date | None
    expected: Decimal | None
    actual: Decimal | None
    base: Decimal
    achieved: Decimal


class SupplierTotals(msgspec.Struct, frozen=True):
    """All of a supplier's history: quality is 1 − rejected ÷ received, fill rate filled ÷ ordered."""

    received: Decimal
    rejected: Decimal
    ordered: Decimal
    filled: Decimal
    quality: Decimal | None
    fill_rate: Decimal | None
