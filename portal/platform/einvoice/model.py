"""An invoice or credit note in the business terms of EN 16931-1: the one model that every syntax is written from.

The numbers behind the fields are those of the standard (BT a term, BG a group). What is not said is "", None or empty;
amounts are rounded already, and nothing is reckoned here.
"""

from datetime import date
from decimal import Decimal

import msgspec


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """BG-5, BG-8, BG-15: from the street to the country, whose code alone is always asked for."""

    street: str = ""
    additional: str = ""
    city: str = ""
    postal_code: str = ""
    region: str = ""
    country: str = ""


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """BG-6, BG-9: a person or a department."""

    name: str = ""
    phone: str = ""
    email: str = ""


class Identifier(msgspec.Struct, frozen=True, kw_only=True):
    """A number and the list that it is of (ISO 6523 or EAS); without a list it is the parties' own business."""

    value: str = ""
    scheme: str = ""


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """The seller (BG-4) or the buyer (BG-7). `tax_number` is BT-32, a seller's that is no VAT number."""

    name: str = ""  # BT-27, BT-44
    trading_name: str = ""  # BT-28, BT-45
    identifiers: tuple[Identifier, ...] = ()  # BT-29, BT-46
    endpoint: str = ""  # BT-34, BT-49
    endpoint_scheme: str = ""
    registration: str = ""  # BT-30, BT-47
    registration_scheme: str = ""
    vat_number: str = ""  # BT-31, BT-48
    tax_number: str = ""  # BT-32
    legal_form: str = ""  # BT-33
    address: Address = Address()
    contact: Contact | None = None


class Adjustment(msgspec.Struct, frozen=True, kw_only=True):
    """An allowance or a charge of a line (BG-27, BG-28) or of the whole (BG-20, BG-21), whose tax is said with it."""

    charge: bool = False
    reason: str = ""
    reason_code: str = ""
    amount: Decimal = Decimal(0)
    base: Decimal | None = None
    percent: Decimal | None = None
    category: str = ""
    rate: Decimal | None = None


class Tax(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the tax breakdown (BG-23). Out of scope (O) there is no rate."""

    category: str = ""
    rate: Decimal | None = None
    base: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    reason: str = ""  # BT-120
    reason_code: str = ""  # BT-121


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """BG-1: what else is to be said of the whole."""

    text: str = ""


class Preceding(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice that this document refers back to (BG-3)."""

    number: str = ""
    day: date | None = None


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """BG-14, BG-26."""

    since: date | None = None
    until: date | None = None


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """BG-13: where and when the goods came."""

    name: str = ""  # BT-70
    day: date | None = None  # BT-72
    address: Address | None = None  # BG-15


class PaymentMeans(msgspec.Struct, frozen=True, kw_only=True):
    """BG-16: how it is paid; `account` is BT-84."""

    code: str = ""  # BT-81, UNTDID 4461
    name: str = ""  # BT-82
    reference: str = ""  # BT-83
    account: str = ""
    account_name: str = ""
    bank: str = ""  # BT-86


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """BG-25. A line that gives back has a negative quantity, never a negative price."""

    id: str = ""  # BT-126
    note: str = ""  # BT-127
    quantity: Decimal = Decimal(0)  # BT-129
    unit: str = ""  # BT-130
    net: Decimal = Decimal(0)  # BT-131
    order_line: str = ""  # BT-132
    period: Period | None = None
    adjustments: tuple[Adjustment, ...] = ()
    price: Decimal = Decimal(0)  # BT-146
    base_quantity: Decimal | None = None  # BT-149
    base_unit: str = ""  # BT-150
    category: str = ""  # BT-151
    rate: Decimal | None = None  # BT-152
    name: str = ""  # BT-153
    description: str = ""  # BT-154
    seller_item: str = ""  # BT-155
    buyer_item: str = ""  # BT-156
    gtin: str = ""  # BT-157
    gtin_scheme: str = ""


class Invoice(msgspec.Struct, frozen=True, kw_only=True):
    """The whole document; type 381 is a credit note, whose amounts are positive (UNTDID 1001)."""

    number: str = ""  # BT-1
    issue_date: date | None = None  # BT-2
    type_code: str = "380"  # BT-3
    currency: str = ""  # BT-5
    tax_currency: str = ""  # BT-6
    due_date: date | None = None  # BT-9
    buyer_reference: str = ""  # BT-10
    contract: str = ""  # BT-12
    order: str = ""  # BT-13
    sales_order: str = ""  # BT-14
    receipt: str = ""  # BT-15
    despatch_advice: str = ""  # BT-16
    accounting: str = ""  # BT-19
    payment_terms: str = ""  # BT-20
    notes: tuple[Note, ...] = ()
    process: str = ""  # BT-23
    specification: str = ""  # BT-24
    preceding: tuple[Preceding, ...] = ()
    seller: Party = Party()
    buyer: Party = Party()
    delivery: Delivery | None = None
    period: Period | None = None
    payment: tuple[PaymentMeans, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    lines_net: Decimal = Decimal(0)  # BT-106
    allowances: Decimal | None = None  # BT-107
    charges: Decimal | None = None  # BT-108
    net: Decimal = Decimal(0)  # BT-109
    tax: Decimal | None = None  # BT-110
    tax_accounting: Decimal | None = None  # BT-111
    gross: Decimal = Decimal(0)  # BT-112
    prepaid: Decimal | None = None  # BT-113
    rounding: Decimal | None = None  # BT-114
    due: Decimal = Decimal(0)  # BT-115
    taxes: tuple[Tax, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def is_credit(self) -> bool:
        return self.type_code in CREDIT_TYPES


CREDIT_TYPES = frozenset({"81", "83", "381", "396", "532"})
