"""What people and programs propose, and get to see of settings."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

import msgspec

from portal.platform.fields import Count, Day, Percent, Why
from portal.platform.i18n import _
from portal.platform.problems import problem
from portal.platform.tolerance import Tolerance
from portal.settings.rules import kept


class ToleranceForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How far a step may deviate: `absolute` in the unit of what is compared (pieces, money, days), `percent` of what
    was agreed; 0 is none, blank asks the next level. With both, `any` admits what either admits, `all` what both do."""

    absolute: Count | None = None
    percent: Percent | None = None
    combine: Literal["any", "all"] = "any"
    unlimited: bool = False

    def __post_init__(self) -> None:
        if self.unlimited and (self.absolute is not None or self.percent is not None):
            raise problem("unlimited", _("Unlimited has no figures: empty them, or do not tick it."))

    @property
    def said(self) -> Tolerance:
        return Tolerance(self.absolute, self.percent, self.unlimited, self.combine)


class GoodsTolerances(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Tolerances of an order's lines, by step; a step that is left out asks the next level."""

    confirm_quantity: ToleranceForm | None = None
    confirm_price: ToleranceForm | None = None
    confirm_date: ToleranceForm | None = None
    despatch: ToleranceForm | None = None
    receive: ToleranceForm | None = None
    invoice_quantity: ToleranceForm | None = None
    invoice_price: ToleranceForm | None = None

    def __post_init__(self) -> None:
        if self.confirm_date is not None and self.confirm_date.percent is not None:
            raise problem("confirm_date.percent", _("A percentage of a date means nothing. Enter days."))

    def kept(self) -> dict[str, Any]:
        """As the columns keep them."""
        said = {step: getattr(self, step) for step in self.__struct_fields__}
        return kept({step: form and form.said for step, form in said.items()})


class TolerancesForm(GoodsTolerances, forbid_unknown_fields=True, kw_only=True):
    """The same with the total of an invoice, for a supplier or for the whole company."""

    invoice_total: ToleranceForm | None = None


class Proposal(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """From which day a proposal is to hold (today, if none is named), and why."""

    from_day: Day | None = None
    reason: Why


class TolerancesProposal(Proposal, forbid_unknown_fields=True, kw_only=True):
    """Tolerances instead of the present ones, from a day on."""

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "tolerances": {"receive": {"percent": "5"}, "invoice_price": {"absolute": "0.01", "percent": "1"}},
        "from_day": "2026-12-01",
        "reason": "Cut to length: the last piece is never exact.",
    }

    tolerances: TolerancesForm


KindName = Literal[
    "company-tolerances",
    "supplier-tolerances",
    "item-tolerances",
    "scoring",
    "approval-limit",
    "bank-cool-off",
    "access-reviews",
    "ratings-shown",
]


class SettingOut(msgspec.Struct, kw_only=True):
    """A setting as of a day: `value` by the version `version_id`, or as it is while nobody has set it."""

    kind: KindName
    subject_id: UUID
    subject_name: str
    as_of: date
    value: dict[str, Any]
    version_id: UUID | None
    since: date | None


class SettingVersionOut(msgspec.Struct, kw_only=True):
    """One version: `before` is the value it was proposed against; one that is `stale` was proposed against a value that
    is not the last one any more, and is not approved."""

    id: UUID
    version: int
    kind: KindName
    subject_id: UUID
    subject_name: str
    state: str
    way: Annotated[str, msgspec.Meta(description="checked, at_once or system")]
    value: dict[str, Any]
    before: dict[str, Any]
    effective_from: date
    stale: bool
    reason: str
    created_by: UUID | None
    created_by_name: str
    created_at: datetime
    decided_by: UUID | None
    decided_by_name: str
    decided_at: datetime | None
    decision_reason: str
    applied_at: datetime | None
