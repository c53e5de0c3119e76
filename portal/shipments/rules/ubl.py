"""UBL DespatchAdvice as Peppol BIS Despatch Advice 3 binds it (transaction T16), and what an advice says in it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec

from portal.platform.decimals import plain
from portal.platform.einvoice.model import Address, Party
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
from portal.platform.einvoice.parties import address_of, party_of
from portal.platform.einvoice.syntax import DAY, NUMBER, Fixed, Group, Leaf, Many, One, Part
from portal.platform.einvoice.ubl import ADDRESS, PARTY

NOT_KNOWN: Final = "NA"  # where UBL asks for an identifier and there is none
GROSS_WEIGHT: Final = "AAB"  # UNTDID 6313
KILOGRAM: Final = "KGM"
Said = Mapping[str, Any]


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """A handling unit: its SSCC, its kind (UN/ECE Rec 21), its gross weight in kilograms."""

    sscc: str = ""
    type: str = ""
    weight: Decimal | None = None


class DespatchedLine(msgspec.Struct, frozen=True, kw_only=True):
    """What left of one line of an order; what is missing and not `outstanding` will never come (T16)."""

    id: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    outstanding: Decimal | None = None
    outstanding_unit: str = ""
    order_line: str = ""
    order: str = ""
    item: Item = Item()
    batch: str = ""


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """Goods of one or several orders on their way."""

    specification: str = f"{TRANSACTION}despatch_advice:3"
    process: str = f"{PROFILE}despatch_advice:3"
    number: str = ""
    issue_date: date | None = None
    order: str = ""
    supplier: Party = Party()
    buyer: Party = Party()
    shipment: str = NOT_KNOWN
    tracking: str = ""
    carrier: str = ""
    address: Address | None = None
    expected: Days | None = None
    left: date | None = None
    packages: tuple[Package, ...] = ()
    lines: tuple[DespatchedLine, ...] = ()


_PACKAGE: Final[list[Part]] = [
    Leaf("cbc:ID", "sscc"),
    Leaf("cbc:TransportHandlingUnitTypeCode", "type"),
    Group(
        "cac:MeasurementDimension",
        [
            Fixed("cbc:AttributeID", GROSS_WEIGHT),
            Leaf("cbc:Measure", "weight", NUMBER, {"unitCode": f"={KILOGRAM}"}),
        ],
    ),
]
_LINE: Final[list[Part]] = [
    Leaf("cbc:ID", "id"),
    quantity("cbc:DeliveredQuantity"),
    quantity("cbc:OutstandingQuantity", "outstanding", "outstanding_unit"),
    Leaf("cac:OrderLineReference/cbc:LineID", "order_line"),
    Leaf("cac:OrderLineReference/cac:OrderReference/cbc:ID", "order"),
    One("cac:Item", "item", Item, ITEM),
    Leaf("cac:Item/cac:ItemInstance/cac:LotIdentification/cbc:LotNumberID", "batch"),
]
DESPATCH_ADVICE: Final = syntax_of(
    "DespatchAdvice",
    [
        *BEGINNING,
        Leaf("cbc:IssueDate", "issue_date", DAY),
        Leaf("cac:OrderReference/cbc:ID", "order"),
        One("cac:DespatchSupplierParty/cac:Party", "supplier", Party, PARTY),
        One("cac:DeliveryCustomerParty/cac:Party", "buyer", Party, PARTY),
        Group(
            "cac:Shipment",
            [
                Leaf("cbc:ID", "shipment"),
                Leaf("cac:Consignment/cbc:ID", "tracking"),
                Leaf("cac:Consignment/cac:CarrierParty/cac:PartyName/cbc:Name", "carrier"),
                One("cac:Delivery/cac:DeliveryAddress", "address", Address, ADDRESS),
                One("cac:Delivery/cac:EstimatedDeliveryPeriod", "expected", Days, DAYS),
                Leaf("cac:Delivery/cac:Despatch/cbc:ActualDespatchDate", "left", DAY),
                Many("cac:TransportHandlingUnit", "packages", Package, _PACKAGE),
            ],
        ),
        Many("cac:DespatchLine", "lines", DespatchedLine, _LINE),
    ],
)


def advice_of(said: Said, day: date) -> Advice:
    """A despatch advice that was sent as a document, from its snapshot; `day` is when it was sent."""
    header, country = said["advice"], said["buyer"]["country"]
    until = _day(header["expected_date"])
    numbers = list(dict.fromkeys(line["order_number"] for line in said["lines"]))
    carried = header["carrier"] or header["tracking_number"]
    return Advice(
        number=header["number"],
        issue_date=day,
        order=numbers[0] if len(numbers) == 1 else "",
        supplier=party_of(said["supplier"]),
        buyer=party_of(said["buyer"]),
        shipment=header["number"],
        tracking=(header["tracking_number"] or NOT_KNOWN) if carried else "",
        carrier=header["carrier"],
        address=address_of(header["ship_to"], country) if header["ship_to"] else None,
        expected=Days(since=until, until=until) if until else None,
        left=_day(header["despatch_date"]),
        packages=tuple(_package(each) for each in header["packages"]),
        lines=tuple(_line(line) for line in said["lines"]),
    )


def _package(said: Said) -> Package:
    weight = said["weight"]
    kind = said["kind"] or ""
    return Package(
        sscc=said["sscc"] or NOT_KNOWN, type=kind, weight=Decimal(plain(Decimal(weight))) if weight else None
    )


def _line(line: Said) -> DespatchedLine:
    rest = line["outstanding_quantity"]
    return DespatchedLine(
        id=str(line["line"]),
        quantity=Decimal(plain(Decimal(line["quantity"]))),
        unit=line["unit"],
        outstanding=None if rest is None else Decimal(plain(Decimal(rest))),
        outstanding_unit="" if rest is None else line["unit"],
        order_line=str(line["order_line"]),
        order=line["order_number"],
        item=Item(name=line["description"], buyer_item=line["item_number"]),
        batch=line["batch"],
    )


def _day(said: Any) -> date | None:
    return date.fromisoformat(said) if isinstance(said, str) else said
