"""Credit notes as suppliers write them, and as both sides read them."""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Literal
from uuid import UUID

import msgspec

from portal.invoicing.forms.asked import InvoiceNumber
from portal.invoicing.forms.sums import CreditSumsOut
from portal.invoicing.forms.told import ChargeOut, ExchangeOut, TaxOut
from portal.orders.forms import MOST_LINES, PartyOut
from portal.platform.fields import Day, Quantity, Text, UnitPrice
from portal.platform.i18n import Message, _
from portal.platform.problems import FieldError, Problems, problem

CreditKind = Literal["goods", "price", "whole"]
CREDIT_KINDS: dict[str, Message] = {
    "goods": _("Goods returned or rejected"),
    "price": _("Correction of prices"),
    "whole": _("The whole invoice"),
}


class CreditLineForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is credited of one invoice line: a quantity that went back, or the price that should have been billed.

    Without a quantity it is all that is not credited yet.
    """

    invoice_line_id: UUID
    quantity: Quantity | None = None
    unit_price: UnitPrice | None = None


class CreditEdit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """All that a draft says, anew. `goods` names quantities, `price` right prices; `whole` takes what is left.

    `reason` says what it is for; the buyer reads it.
    """

    EXAMPLE: ClassVar[dict[str, str]] = {
        "number": "CN-2026-17",
        "issue_date": "2026-10-31",
        "kind": "whole",
        "reason": "The goods went back.",
    }
    number: InvoiceNumber
    issue_date: Day
    kind: CreditKind
    reason: Text
    lines: Annotated[list[CreditLineForm], msgspec.Meta(min_length=1, max_length=MOST_LINES)] | None = None

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise problem("reason", _("Say what you credit this for: the buyer reads it."))
        if (self.kind == "whole") == (self.lines is not None):
            raise problem("lines", _("Name the lines that you credit, or credit the whole invoice."))
        _check(self.kind, self.lines or [])


class CreditForm(CreditEdit, kw_only=True):
    """A credit note for one invoice (BG-3)."""

    EXAMPLE: ClassVar[dict[str, str]] = {"invoice_id": "0190a1b2-c3d4-7e8f-9a0b-1c2d3e4f5a6b", **CreditEdit.EXAMPLE}
    invoice_id: UUID


def _check(kind: str, lines: list[CreditLineForm]) -> None:
    named = Counter(line.invoice_line_id for line in lines)
    found = []
    for place, line in enumerate(lines):
        if named[line.invoice_line_id] > 1:
            found.append(FieldError(f"lines.{place}.invoice_line_id", _("This line is credited twice.")))
        if kind == "price" and line.unit_price is None:
            found.append(FieldError(f"lines.{place}.unit_price", _("Enter the price that is right.")))
        if kind == "goods" and line.quantity is None:
            found.append(FieldError(f"lines.{place}.quantity", _("Enter how much went back.")))
        if kind == "goods" and line.unit_price is not None:
            message = _("Goods are credited at the price they were billed at.")
            found.append(FieldError(f"lines.{place}.unit_price", message))
    if found:
        raise Problems(found)


class CreditRow(msgspec.Struct):
    """A credit note in a list. `type_code` 381 is EN 16931's for all of them; amounts are what is given back."""

    id: UUID
    number: str
    version: int
    type_code: str
    kind: str
    state: str
    invoice_id: UUID
    invoice_number: str
    buyer: PartyOut
    supplier: PartyOut
    currency: str
    totals: CreditSumsOut
    issue_date: date
    created_at: datetime
    submitted_at: datetime | None


class CreditLineOut(msgspec.Struct):
    """A credited line. `unit_price` is what is given back for each, `booked` how much leaves the billed quantity."""

    id: UUID
    line: int
    invoice_line_id: UUID
    order_id: UUID
    order_line_id: UUID
    description: str
    item_number: str
    quantity: Decimal
    unit: str
    unit_price: Decimal | None
    base_quantity: Decimal
    price_unit: str
    discount: Decimal | None
    allowance: Decimal | None
    charge: Decimal | None
    net: Decimal | None
    booked: Decimal
    tax_category: str
    tax_rate: Decimal


class CreditOut(CreditRow):
    """A credit note with its lines and the invoice that it refers back to (BT-25, BT-26).

    `set_off` is what of it lowers that invoice, once it is settled; `left` what is neither set off nor paid back yet.
    """

    invoice_date: date
    reason: str
    taxes: list[TaxOut]
    allowances: list[ChargeOut]
    charges: list[ChargeOut]
    exchange: ExchangeOut | None
    tax_exchange: ExchangeOut | None
    decision_reason: str
    decided_at: datetime | None
    settled_on: date | None
    settlement_reference: str
    set_off: Decimal | None
    left: Decimal | None
    lines: list[CreditLineOut]
