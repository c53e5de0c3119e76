"""UBL Order (Peppol BIS Ordering 3, transaction T01) and OrderCancellation (Advanced Ordering 3, T115)."""

from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from portal.platform.einvoice.model import Address, Adjustment, Party, Tax
from portal.platform.einvoice.ordering import (
    BEGINNING,
    BUYER,
    DAYS,
    ITEM,
    NOTES,
    PRICE,
    PROFILE,
    SELLER,
    TRANSACTION,
    Days,
    Item,
    Note,
    Price,
    quantity,
    syntax_of,
)
from portal.platform.einvoice.syntax import DAY, Group, Leaf, Many, One, Part
from portal.platform.einvoice.ubl import ADDRESS, ADJUSTMENT, TAX, money

SPECIFICATION: Final = f"{TRANSACTION}order:3"
PROCESS: Final = f"{PROFILE}ordering:3"
CANCELLING: Final = f"{TRANSACTION}order_cancellation:3"
ADVANCED: Final = f"{PROFILE}advanced_ordering:3"
USUAL: Final = "220"  # UNTDID 1001: order
FRAMEWORK: Final = "226"  # UNTDID 1001: call-off order
URGENT: Final = "224"  # UNTDID 1001: rush order


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """Where, how much and when; of services the days on which they are performed."""

    quantity: Decimal | None = None
    unit: str = ""
    address: Address | None = None
    wanted: Days | None = None
    promised: Days | None = None
    name: str = ""


class OrderLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line; `net` is what it comes to before tax."""

    id: str = ""
    notes: tuple[Note, ...] = ()
    quantity: Decimal | None = None
    unit: str = ""
    net: Decimal | None = None
    deliveries: tuple[Delivery, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    price: Price | None = None
    item: Item = Item()


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """The buyer's order as it stands in one revision."""

    specification: str = SPECIFICATION
    process: str = PROCESS
    number: str = ""
    issue_date: date | None = None
    type_code: str = ""
    notes: tuple[Note, ...] = ()
    currency: str = ""
    customer_reference: str = ""
    accounting: str = ""
    contract: str = ""
    buyer: Party = Party()
    seller: Party = Party()
    delivery: Delivery | None = None
    incoterm: str = ""
    payment_terms: str = ""
    tax: Decimal | None = None
    taxes: tuple[Tax, ...] = ()
    lines_net: Decimal | None = None
    net: Decimal | None = None
    gross: Decimal | None = None
    due: Decimal | None = None
    lines: tuple[OrderLine, ...] = ()


class OrderCancellation(msgspec.Struct, frozen=True, kw_only=True):
    """The buyer takes an order back, saying why."""

    specification: str = CANCELLING
    process: str = ADVANCED
    number: str = ""
    issue_date: date | None = None
    reasons: tuple[Note, ...] = ()
    order: str = ""
    issued: date | None = None
    buyer: Party = Party()
    seller: Party = Party()


_DELIVERY: Final[list[Part]] = [
    quantity("cbc:Quantity"),
    One("cac:DeliveryLocation/cac:Address", "address", Address, ADDRESS),
    One("cac:RequestedDeliveryPeriod", "wanted", Days, DAYS),
    One("cac:PromisedDeliveryPeriod", "promised", Days, DAYS),
    Leaf("cac:DeliveryParty/cac:PartyName/cbc:Name", "name"),
]
_LINE: Final[list[Part]] = [
    Leaf("cbc:ID", "id"),
    *NOTES,
    quantity("cbc:Quantity"),
    money("cbc:LineExtensionAmount", "net"),
    Many("cac:Delivery", "deliveries", Delivery, _DELIVERY),
    Many("cac:AllowanceCharge", "adjustments", Adjustment, ADJUSTMENT),
    One("cac:Price", "price", Price, PRICE),
    One("cac:Item", "item", Item, ITEM),
]
_SUMS: Final[list[Part]] = [
    money("cbc:LineExtensionAmount", "lines_net"),
    money("cbc:TaxExclusiveAmount", "net"),
    money("cbc:TaxInclusiveAmount", "gross"),
    money("cbc:PayableAmount", "due"),
]
ORDER: Final = syntax_of(
    "Order",
    [
        *BEGINNING,
        Leaf("cbc:IssueDate", "issue_date", DAY),
        Leaf("cbc:OrderTypeCode", "type_code"),
        *NOTES,
        Leaf("cbc:DocumentCurrencyCode", "currency"),
        Leaf("cbc:CustomerReference", "customer_reference"),
        Leaf("cbc:AccountingCost", "accounting"),
        Leaf("cac:Contract/cbc:ID", "contract"),
        BUYER,
        SELLER,
        One("cac:Delivery", "delivery", Delivery, _DELIVERY),
        Leaf("cac:DeliveryTerms/cbc:ID", "incoterm"),
        Leaf("cac:PaymentTerms/cbc:Note", "payment_terms"),
        Group("cac:TaxTotal", [money("cbc:TaxAmount", "tax"), Many("cac:TaxSubtotal", "taxes", Tax, TAX)]),
        Group("cac:AnticipatedMonetaryTotal", _SUMS),
        Many("cac:OrderLine", "lines", OrderLine, [Group("cac:LineItem", _LINE, needed=True)]),
    ],
)
ORDER_CANCELLATION: Final = syntax_of(
    "OrderCancellation",
    [
        *BEGINNING,
        Leaf("cbc:IssueDate", "issue_date", DAY),
        Many("cbc:CancellationNote", "reasons", Note, [Leaf(".", "text")]),
        Leaf("cac:OrderReference/cbc:ID", "order"),
        Leaf("cac:OrderReference/cbc:IssueDate", "issued", DAY),
        BUYER,
        SELLER,
    ],
)
