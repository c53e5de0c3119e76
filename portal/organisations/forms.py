"""What people see of suppliers. A buyer's tiers, tags and tolerances are its own business and are not here."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, NamedTuple
from uuid import UUID

import msgspec

from portal.organisations.rules import Consequence
from portal.platform.fields import Code, CurrencyCode, Day, ExchangeRateFigure, Line, Percent, Why
from portal.platform.i18n import Message, _
from portal.platform.problems import FieldError, Problems, problem

__all__ = ["Consequence"]


class TermsForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What two organisations agree on before the first order; what is absent is as usual."""

    supplier_number: Code | None = None
    currency: CurrencyCode | None = None
    payment_days: Annotated[int, msgspec.Meta(ge=0, le=365)] | None = None
    response_days: Annotated[int, msgspec.Meta(ge=0, le=60)] | None = None

    def chosen(self) -> dict[str, Any]:
        """The columns of the relationship that were agreed on."""
        return {name: value for name, value in msgspec.structs.asdict(self).items() if value is not None}


class SupplierRow(msgspec.Struct, kw_only=True):
    """A supplier in a list; `id` is its organisation. What belongs to a relationship is null where there is none."""

    id: UUID
    number: str | None
    name: str
    state: str | None
    country: str
    currency: str | None
    payment_days: int | None
    payment_terms: str | None
    response_days: int | None
    orders_held_until: date | None
    standing: str | None
    score: Decimal | None


class SupplierOut(SupplierRow, kw_only=True):
    """A supplier with its address and registrations."""

    version: int
    email: str
    address: dict[str, Any]
    registration_number: str
    vat_number: str
    gln: str
    language: str
    time_zone: str


class OverrideForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Orders go to a supplier in spite of its standing, until the end of that day at the buyer's."""

    EXAMPLE: ClassVar[dict[str, str]] = {"until": "2026-12-31", "reason": "The only source until the tool has moved."}

    until: Day
    reason: Why


class OverrideOut(msgspec.Struct, kw_only=True):
    """An exception from what a standing brings; `active` while orders go through because of it."""

    id: UUID
    supplier_id: UUID
    supplier_name: str
    version: int
    reason: str
    until: date
    active: bool
    created_by: UUID | None
    created_by_name: str = ""
    created_at: datetime
    ended_by: UUID | None
    ended_by_name: str = ""
    ended_at: datetime | None
    end_reason: str


HELD: dict[str, Message] = {"orders": _("Orders"), "invoices": _("Invoices"), "payments": _("Payments")}
Held = Literal["orders", "invoices", "payments"]


class SupplierHoldForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Until the end of which day, at the buyer's, something of a supplier is held, and why: that is the buyer's own."""

    EXAMPLE: ClassVar[dict[str, str]] = {"until": "2026-12-31", "reason": "The certificate has run out."}

    until: Day
    reason: Why


class HoldOut(msgspec.Struct, kw_only=True):
    """What is held of a supplier, for its buyer; `until` is the last day."""

    what: Held
    until: date
    reason: str


class SupplierPage(NamedTuple):
    """One page of the list; `found` counts all pages, up to a cap."""

    rows: list[SupplierRow]
    newer: str | None
    older: str | None
    found: int


Base = Literal["invoice", "invoice_receipt", "goods_receipt"]
BASES: dict[str, Message] = {
    "invoice": _("Invoice date"),
    "invoice_receipt": _("Receipt of the invoice"),
    "goods_receipt": _("Receipt of the goods"),
}
DAYS = msgspec.Meta(ge=0, le=365)


# A cash discount pays for money that comes sooner; 10 % in a month is far beyond any rate of interest. More is a slip.
MOST_DISCOUNT = 10


class DiscountStep(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A cash discount: `percent` less for who pays within `days`."""

    days: Annotated[int, DAYS]
    percent: Percent


class AgreedStep(msgspec.Struct, kw_only=True):
    """The same as documents keep it."""

    days: int
    percent: Decimal


class PaymentTerms(msgspec.Struct, kw_only=True):
    """Terms as documents keep them: `days` after the base, or after the end of the month it falls in."""

    name: str = ""
    base: Base = "invoice"
    month_end: bool = False
    days: int
    steps: list[AgreedStep] = []


class PaymentTermForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Terms to offer. They never change: others are offered under another name, and these retired."""

    name: Line
    base: Base = "invoice"
    month_end: bool = False
    days: Annotated[int, DAYS]
    steps: Annotated[list[DiscountStep], msgspec.Meta(max_length=5)] = []

    def __post_init__(self) -> None:
        if len(self.name) > 100:
            raise problem("name", _("At most {n} characters.", n=100))
        if len({step.days for step in self.steps}) < len(self.steps):
            raise problem("steps", _("Two cash discounts have the same number of days."))
        if any(step.days >= self.days for step in self.steps):
            raise problem("steps", _("A cash discount ends before the payment is due."))
        if too_much := [place for place, step in enumerate(self.steps) if not 0 < step.percent <= MOST_DISCOUNT]:
            message = _("A cash discount is above 0 and at most {most} %.", most=MOST_DISCOUNT)
            raise Problems(FieldError(f"steps.{place}.percent", message) for place in too_much)


class PaymentTermOut(msgspec.Struct, kw_only=True):
    id: UUID
    name: str
    base: str
    month_end: bool
    days: int
    steps: list[AgreedStep]
    retired: bool
    version: int


class Agreement(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which of the offered terms hold for a supplier's orders from now on."""

    payment_term_id: UUID


class RateForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What one unit of a foreign currency costs in the organisation's own, from a day on, and who says so."""

    currency: CurrencyCode
    valid_on: Day
    rate: ExchangeRateFigure
    source: Line


class RatesForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Several rates at once, such as a day's list of a central bank."""

    rates: Annotated[list[RateForm], msgspec.Meta(min_length=1, max_length=500)]


class RateOut(msgspec.Struct, kw_only=True):
    id: UUID
    currency: str
    into_currency: str
    valid_on: date
    rate: Decimal
    source: str
    version: int


class RatePage(NamedTuple):
    """One page of the rates; `own` is the currency they are in."""

    rows: list[RateOut]
    newer: str | None
    older: str | None
    own: str
