"""UBL Catalogue (Peppol BIS Catalogue without response 3, transaction T19): what a supplier asks for its items.

One line an item; each of its prices (a break, a time in which it holds) is a RequiredItemLocationQuantity.
"""

from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from portal.platform.einvoice.model import Party
from portal.platform.einvoice.ordering import (
    BEGINNING,
    DAYS,
    ITEM,
    PROFILE,
    TRANSACTION,
    Days,
    Item,
    quantity,
    syntax_of,
)
from portal.platform.einvoice.syntax import DAY, FLAG, NUMBER, Leaf, Many, One, Part
from portal.platform.einvoice.ubl import PARTY

SPECIFICATION: Final = f"{TRANSACTION}catalogue:3"
PROCESS: Final = f"{PROFILE}catalogue_wo_response:3"


class Offer(Item, frozen=True, kw_only=True):
    """An item with its place in a list of goods: UNCL 7143 tells which, TSP being UNSPSC and ZZZ the parties' own."""

    group: str = ""
    group_list: str = ""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A price from one quantity to another, while it holds."""

    lead: Decimal | None = None
    lead_unit: str = ""
    minimum: Decimal | None = None
    minimum_unit: str = ""
    maximum: Decimal | None = None
    maximum_unit: str = ""
    amount: Decimal | None = None
    currency: str = ""
    base_quantity: Decimal | None = None
    base_unit: str = ""
    valid: Days | None = None


class CatalogueLine(msgspec.Struct, frozen=True, kw_only=True):
    """An item; its quantities and days are those of each price that has none of its own."""

    id: str = ""
    action: str = ""
    orderable: bool | None = None
    unit: str = ""
    minimum: Decimal | None = None
    minimum_unit: str = ""
    maximum: Decimal | None = None
    maximum_unit: str = ""
    valid: Days | None = None
    asks: tuple[Ask, ...] = ()
    item: Offer = Offer()


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """What a supplier offers a customer as of a day."""

    specification: str = SPECIFICATION
    process: str = PROCESS
    number: str = ""
    name: str = ""
    issue_date: date | None = None
    valid: Days | None = None
    provider: Party = Party()
    receiver: Party = Party()
    lines: tuple[CatalogueLine, ...] = ()


ASKS: Final = "cac:RequiredItemLocationQuantity"
LINE: Final = "cac:CatalogueLine"
_ASK: Final[list[Part]] = [
    quantity("cbc:LeadTimeMeasure", "lead", "lead_unit"),
    quantity("cbc:MinimumQuantity", "minimum", "minimum_unit"),
    quantity("cbc:MaximumQuantity", "maximum", "maximum_unit"),
    Leaf("cac:Price/cbc:PriceAmount", "amount", NUMBER, {"currencyID": "currency"}),
    quantity("cac:Price/cbc:BaseQuantity", "base_quantity", "base_unit"),
    One("cac:Price/cac:ValidityPeriod", "valid", Days, DAYS),
]
_GROUP: Final = Leaf(
    "cac:CommodityClassification/cbc:ItemClassificationCode", "group", attributes={"listID": "group_list"}
)
_LINE: Final[list[Part]] = [
    Leaf("cbc:ID", "id"),
    Leaf("cbc:ActionCode", "action"),
    Leaf("cbc:OrderableIndicator", "orderable", FLAG),
    Leaf("cbc:OrderableUnit", "unit"),
    quantity("cbc:MinimumOrderQuantity", "minimum", "minimum_unit"),
    quantity("cbc:MaximumOrderQuantity", "maximum", "maximum_unit"),
    One("cac:LineValidityPeriod", "valid", Days, DAYS),
    Many(ASKS, "asks", Ask, _ASK),
    One("cac:Item", "item", Offer, [*ITEM[:-1], _GROUP, ITEM[-1]]),
]
CATALOGUE: Final = syntax_of(
    "Catalogue",
    [
        *BEGINNING,
        Leaf("cbc:Name", "name"),
        Leaf("cbc:IssueDate", "issue_date", DAY),
        One("cac:ValidityPeriod", "valid", Days, DAYS),
        One("cac:ProviderParty", "provider", Party, PARTY),
        One("cac:ReceiverParty", "receiver", Party, PARTY),
        Many(LINE, "lines", CatalogueLine, _LINE),
    ],
)
