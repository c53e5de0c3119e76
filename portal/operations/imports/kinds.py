"""What can be imported: the kinds, the parts each consists of, and the fields of each part.

A field's kind is the form field type of the same thing, so an import can bring nothing in that a page would refuse; but
numbers of registers (VAT, GLN) come as the other system has them, and are checked when somebody next edits the company.
A part's fields are the columns of its staging table.
"""

from collections.abc import Container
from datetime import datetime
from typing import Any, NamedTuple

from portal.catalogue.forms import ItemName
from portal.operations.imports.values import Came
from portal.platform.fields import (
    Amount,
    Code,
    Count,
    CountryCode,
    CurrencyCode,
    Day,
    Email,
    Gtin,
    Language,
    Line,
    Percent,
    Quantity,
    TaxCategory,
    TaxRate,
    Text,
    TimeZone,
    UnitCode,
    UnitPrice,
)


class Description(Line):
    longest = 1000


class StatedAmount(Amount):
    """A sum as another system states it, often with more decimals than its currency has."""

    pattern = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,8})?$"


class Spec(NamedTuple):
    """What a field holds, whether a row without it means nothing, and what an empty cell of a mapped column says."""

    kind: Any
    required: bool = False
    empty: Any = None


class Part(NamedTuple):
    """Rows of one sort, the table they are staged in, and the fields that tell its records apart."""

    name: str
    staging: str
    fields: dict[str, Spec]
    key: tuple[str, ...] = ()

    def known_by(self, mapped: Container[str]) -> tuple[str, ...]:
        """The fields by which records are told apart if these are mapped; a line's key is as good as its number."""
        found = tuple(name for name in self.key if name in mapped)
        return found[:2] if self.name == "lines" and len(found) > 1 else found if self.name != "lines" else ()

    @property
    def required(self) -> set[str]:
        return {name for name, spec in self.fields.items() if spec.required}


WORDS, CODE = Spec(Line, empty=""), Spec(Code, empty="")
KEY = Spec(Code, required=True)

# An order that awaits the buyer's decision on a counter-offer has that offer beside it, which no file brings.
STATES = ("draft", "in_approval", "approved", "issued", "accepted", "rejected", "closed", "cancelled")
RELATIONS = ("invited", "in_qualification", "approved", "on_hold", "ended")

PARTS = {
    part.name: part
    for part in (
        Part(
            "suppliers",
            "import_supplier",
            {
                "number": KEY,
                "name": Spec(Line, required=True),
                "country": Spec(CountryCode, required=True),
                **dict.fromkeys(("street", "city", "postal_code", "region"), WORDS),
                **dict.fromkeys(("registration_number", "vat_number", "gln"), CODE),
                "email": Spec(Email, empty=""),
                "currency": Spec(CurrencyCode),
                "language": Spec(Language),
                "time_zone": Spec(TimeZone),
                "state": Spec(RELATIONS),
                "payment_days": Spec(range(366)),
                "payment_terms": WORDS,
                "response_days": Spec(range(61)),
                "tier": WORDS,
                "tags": Spec(list, empty=[]),
            },
            key=("number",),
        ),
        Part(
            "items",
            "import_item",
            {
                "number": KEY,
                "name": Spec(ItemName, required=True),
                "unit": Spec(UnitCode, required=True),
                "category": WORDS,
                "tax_category": Spec(TaxCategory),
                "tax_rate": Spec(TaxRate),
                "gtin": Spec(Gtin, empty=""),
                "active": Spec(bool),
            },
            key=("number",),
        ),
        Part(
            "prices",
            "import_price",
            {
                "supplier": KEY,
                "item": KEY,
                "unit_price": Spec(UnitPrice, required=True),
                "supplier_item_number": CODE,
                "currency": Spec(CurrencyCode),
                "base_quantity": Spec(Quantity),
                "unit": Spec(UnitCode),
                "minimum_quantity": Spec(Count),
                "maximum_quantity": Spec(Quantity),
                "lead_time_days": Spec(range(10_000)),
                "valid_from": Spec(Day),
                "valid_to": Spec(Day),
            },
            key=("supplier", "item", "valid_from", "minimum_quantity"),
        ),
        Part(
            "orders",
            "import_order",
            {
                "number": KEY,
                "supplier": KEY,
                "state": Spec(STATES, required=True),
                "ordered_at": Spec(datetime, required=True),
                "currency": Spec(CurrencyCode),
                "issued_at": Spec(datetime),
                "closed_at": Spec(datetime),
                **dict.fromkeys(("note", "internal_note"), Spec(Text, empty="")),
                **dict.fromkeys(("cost_centre", "purchasing_group", "payment_terms", "incoterm"), WORDS),
                "payment_days": Spec(range(366)),
                "stated_net": Spec(StatedAmount),
            },
            key=("number",),
        ),
        Part(
            "lines",
            "import_order_line",
            {
                "order_number": KEY,
                "quantity": Spec(Quantity, required=True),
                "unit_price": Spec(UnitPrice, required=True),
                "key": Spec(Code),
                "line": Spec(range(1, 100_001)),
                "item": Spec(Code),
                "description": Spec(Description),
                "unit": Spec(UnitCode),
                "base_quantity": Spec(Quantity),
                "price_unit": Spec(UnitCode),
                "discount": Spec(Percent),
                "tax_category": Spec(TaxCategory),
                "tax_rate": Spec(TaxRate),
                "requested_date": Spec(Day),
                "first_promised_date": Spec(Day),
                "promised_date": Spec(Day),
                "received": Spec(Count),
                "accepted": Spec(Count),
                "rejected": Spec(Count),
                "delivered_at": Spec(Came),
                "invoiced": Spec(Count),
            },
            key=("order_number", "key", "line"),
        ),
        Part(
            "receipts",
            "import_receipt",
            {
                "order_number": KEY,
                "line": KEY,
                "received": Spec(Count),
                "accepted": Spec(Count),
                "rejected": Spec(Count),
                "delivered_at": Spec(Came),
                "delivery_note": WORDS,
            },
        ),
    )
}
KINDS = {
    "suppliers": ("suppliers",),
    "items": ("items",),
    "prices": ("prices",),
    "orders": ("orders", "lines"),
    "receipts": ("receipts",),
}
