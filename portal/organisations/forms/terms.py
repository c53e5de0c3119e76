"""What people send about payment terms and rates of exchange, and what they see of them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

import msgspec

from portal.platform.fields import CurrencyCode, Day, ExchangeRateFigure, Line, Percent
from portal.platform.i18n import Message, _
from portal.platform.problems import FieldError, Problems, problem

Base = Literal["invoice", "invoice_receipt", "goods_receipt", "acceptance", "statement"]
BASES: dict[str, Message] = {
    "invoice": _("Invoice date"),
    "invoice_receipt": _("Receipt of the invoice"),
    "goods_receipt": _("Delivery: receipt of the goods"),
    "acceptance": _("Acceptance of goods and services"),
    "statement": _("Statement of account"),
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


class RateAgeForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How many days old a rate may be before it is warned of where a document would keep it."""

    rate_days: Annotated[int, msgspec.Meta(ge=1, le=366)]


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
