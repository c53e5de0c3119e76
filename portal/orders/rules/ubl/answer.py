"""UBL OrderResponse, as Peppol BIS Ordering 3 binds it (transaction T76)."""

from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from portal.platform.einvoice.model import Party
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

SPECIFICATION: Final = f"{TRANSACTION}order_response:3"
PROCESS: Final = f"{PROFILE}ordering:3"


class Substitute(msgspec.Struct, frozen=True, kw_only=True):
    """What comes instead of what was ordered."""

    id: str = ""
    item: Item = Item()


class AnswerLine(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery of one line of the order (`order_line`); `status` is 1, 3, 5, 7 or 42."""

    id: str = ""
    notes: tuple[Note, ...] = ()
    status: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    promised: Days | None = None
    price: Price | None = None
    item: Item = Item()
    substitute: Substitute | None = None
    order_line: str = ""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The seller's answer to one order; `issued` is the day of the order that it answers."""

    specification: str = SPECIFICATION
    process: str = PROCESS
    number: str = ""
    sales_order: str = ""
    issue_date: date | None = None
    code: str = ""
    notes: tuple[Note, ...] = ()
    currency: str = ""
    order: str = ""
    issued: date | None = None
    seller: Party = Party()
    buyer: Party = Party()
    promised: Days | None = None
    lines: tuple[AnswerLine, ...] = ()


_PROMISED: Final = One("cac:Delivery/cac:PromisedDeliveryPeriod", "promised", Days, DAYS)
_LINE: Final[list[Part]] = [
    Leaf("cbc:ID", "id"),
    *NOTES,
    Leaf("cbc:LineStatusCode", "status"),
    quantity("cbc:Quantity"),
    _PROMISED,
    One("cac:Price", "price", Price, PRICE),
    One("cac:Item", "item", Item, ITEM),
]
_SUBSTITUTE: Final[list[Part]] = [Leaf("cbc:ID", "id"), One("cac:Item", "item", Item, ITEM)]
ORDER_RESPONSE: Final = syntax_of(
    "OrderResponse",
    [
        *BEGINNING,
        Leaf("cbc:SalesOrderID", "sales_order"),
        Leaf("cbc:IssueDate", "issue_date", DAY),
        Leaf("cbc:OrderResponseCode", "code"),
        *NOTES,
        Leaf("cbc:DocumentCurrencyCode", "currency"),
        Leaf("cac:OrderReference/cbc:ID", "order"),
        Leaf("cac:OrderReference/cbc:IssueDate", "issued", DAY),
        SELLER,
        BUYER,
        _PROMISED,
        Many(
            "cac:OrderLine",
            "lines",
            AnswerLine,
            [
                Group("cac:LineItem", _LINE, needed=True),
                One("cac:SellerSubstitutedLineItem", "substitute", Substitute, _SUBSTITUTE),
                Leaf("cac:OrderLineReference/cbc:LineID", "order_line"),
            ],
        ),
    ],
)
