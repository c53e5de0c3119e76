"""By what a buyer scores its suppliers: what is sent to set it, and what is seen of it."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

import msgspec

from portal.organisations.forms import Consequence
from portal.platform.decimals import HUNDRED, plain, total
from portal.platform.fields import Day, Percent, Why
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


class ConsequencesForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a standing brings to the orders of a supplier that has it."""

    good: Consequence = "none"
    warn: Consequence = "warn"
    poor: Consequence = "warn"


class StandingsForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """From which score on, that one included, a supplier is watched, and from which it is good; below it is poor."""

    warn: Percent
    good: Percent

    def __post_init__(self) -> None:
        if self.good <= self.warn:
            raise problem("good", _("Good begins above where watching begins."))


class SettingsForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How a buyer scores. Without `early_days` goods may come as early as they like; `in_full_tolerance` is the percent
    of a quantity that may be missing when it still counts as in full. `consequences` say what each standing brings to
    a supplier's orders; `freeze_days` how many days after its end a month is frozen, null for never. Below
    `least_count` facts or `least_coverage` percent of the weights with data there is no standing. What of these is
    left out stays as it is. They are proposed for `from_day` (today, if none is named) and hold once a second person
    approves them."""

    weights: WeightsForm
    early_days: Days | None = None
    in_full_tolerance: Percent
    consequences: ConsequencesForm | None = None
    freeze_days: Days | msgspec.UnsetType | None = msgspec.UNSET
    standings: StandingsForm | None = None
    least_count: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    least_coverage: Percent | None = None
    from_day: Day | None = None
    reason: Why | None = None

    def __post_init__(self) -> None:
        together = total(getattr(self.weights, name) for name in WeightsForm.__struct_fields__)
        if together != HUNDRED:
            raise problem("weights", _("The weights come to {sum}, not to 100.", sum=plain(together)))


class StandingsOut(msgspec.Struct):
    """From which score on a supplier is watched, and is good; 100 belongs to the highest."""

    warn: Decimal
    good: Decimal


class SettingsOut(msgspec.Struct):
    """How a buyer scores its suppliers now."""

    version: int
    early_days: int | None
    in_full_tolerance: Decimal
    weights: dict[str, Decimal]
    standings: StandingsOut
    least_count: int
    least_coverage: Decimal
    consequences: dict[str, str]
    freeze_days: int | None
    frozen_until: date | None
