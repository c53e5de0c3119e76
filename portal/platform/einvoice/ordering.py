"""The parts of UBL 2.1 that orders, their answers, despatch advices, receipt advices and catalogues share.

Identifiers of profiles are those of Peppol BIS (OpenPeppol, post-award); the order of elements is that of the OASIS
schemas.
"""

from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from portal.platform.einvoice.model import Party
from portal.platform.einvoice.syntax import DAY, NUMBER, Group, Leaf, Many, One, Part, Syntax
from portal.platform.einvoice.ubl import COMMON, OASIS, PARTY, VAT, money

TRANSACTION: Final = "urn:fdc:peppol.eu:poacc:trns:"
PROFILE: Final = "urn:fdc:peppol.eu:poacc:bis:"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """What is bought, by the numbers that each side and GS1 know it under."""

    description: str = ""
    name: str = ""
    buyer_item: str = ""
    seller_item: str = ""
    gtin: str = ""
    gtin_scheme: str = ""
    category: str = ""
    rate: Decimal | None = None


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """A price of so many units; `factor` turns the unit of the quantity into that of the price, where they differ."""

    amount: Decimal | None = None
    base_quantity: Decimal | None = None
    base_unit: str = ""
    factor: Decimal | None = None


class Note(msgspec.Struct, frozen=True, kw_only=True):
    text: str = ""


class Days(msgspec.Struct, frozen=True, kw_only=True):
    """From a day to another; one day is both."""

    since: date | None = None
    until: date | None = None


NOTES: Final[list[Part]] = [Many("cbc:Note", "notes", Note, [Leaf(".", "text")])]
DAYS: Final[list[Part]] = [Leaf("cbc:StartDate", "since", DAY), Leaf("cbc:EndDate", "until", DAY)]
ITEM: Final[list[Part]] = [
    Leaf("cbc:Description", "description"),
    Leaf("cbc:Name", "name"),
    Leaf("cac:BuyersItemIdentification/cbc:ID", "buyer_item"),
    Leaf("cac:SellersItemIdentification/cbc:ID", "seller_item"),
    Leaf("cac:StandardItemIdentification/cbc:ID", "gtin", attributes={"schemeID": "gtin_scheme"}),
    Group("cac:ClassifiedTaxCategory", [Leaf("cbc:ID", "category"), Leaf("cbc:Percent", "rate", NUMBER), VAT]),
]
PRICE: Final[list[Part]] = [
    money("cbc:PriceAmount", "amount"),
    Leaf("cbc:BaseQuantity", "base_quantity", NUMBER, {"unitCode": "base_unit"}),
    Leaf("cbc:OrderableUnitFactorRate", "factor", NUMBER),
]
BEGINNING: Final[list[Part]] = [
    Leaf("cbc:CustomizationID", "specification"),
    Leaf("cbc:ProfileID", "process"),
    Leaf("cbc:ID", "number"),
]
SELLER: Final = One("cac:SellerSupplierParty/cac:Party", "seller", Party, PARTY)
BUYER: Final = One("cac:BuyerCustomerParty/cac:Party", "buyer", Party, PARTY)


def quantity(path: str, name: str = "quantity", unit: str = "unit") -> Leaf:
    return Leaf(path, name, NUMBER, {"unitCode": unit})


def syntax_of(root: str, parts: list[Part]) -> Syntax:
    """The syntax of a UBL 2.1 document by the name of its root."""
    return Syntax(root, {"": f"{OASIS}:{root}-2", **COMMON}, parts)
