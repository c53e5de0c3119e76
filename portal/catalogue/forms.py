"""What people send to keep items and prices, and what they see of them."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, NamedTuple
from uuid import UUID

import msgspec

from portal.organisations.forms import PartyOut
from portal.platform.fields import (
    Code,
    Count,
    CurrencyCode,
    Day,
    Gtin,
    Line,
    Quantity,
    TaxCategory,
    TaxRate,
    UnitCode,
    UnitPrice,
)
from portal.platform.i18n import _
from portal.platform.problems import FieldError, Together
from portal.platform.totals import rate_problem

MOST_BREAKS = 20


class ItemName(Line):
    longest = 300


class ItemForm(Together, forbid_unknown_fields=True, kw_only=True):
    """An item in the organisation's own numbering. `another` says that it is none of those that look the same."""

    EXAMPLE: ClassVar[dict[str, str]] = {
        "number": "FA-0810",
        "name": "Hex bolt M8 × 40",
        "unit": "C62",
        "tax_category": "S",
        "tax_rate": "19",
    }

    number: Code
    name: ItemName
    unit: UnitCode
    tax_category: TaxCategory
    tax_rate: TaxRate
    category: Line | None = None
    gtin: Gtin | None = None
    another: bool = False

    @classmethod
    def together(cls, said: Mapping[str, Any]) -> Iterable[FieldError]:
        if {"tax_category", "tax_rate"} <= said.keys():
            reason = rate_problem(said["tax_category"], said["tax_rate"])
            yield from [FieldError("tax_rate", reason)] if reason else []


class Asked(Together, forbid_unknown_fields=True, kw_only=True):
    """What a supplier asks under which circumstances, but for how much: what all breaks of a price list share."""

    currency: CurrencyCode
    base_quantity: Quantity | None = None
    unit: UnitCode | None = None
    supplier_item_number: Code | None = None
    lead_time_days: Annotated[int, msgspec.Meta(ge=0, le=9999)] | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None

    @classmethod
    def together(cls, said: Mapping[str, Any]) -> Iterable[FieldError]:
        begins, ends = said.get("valid_from"), said.get("valid_to")
        if begins and ends and ends < begins:
            yield FieldError("valid_to", _("The price ends before it begins."))


class PriceBreak(Together, forbid_unknown_fields=True, kw_only=True):
    """So much it costs from one quantity to another, in the price's unit; the first break usually begins at nothing."""

    unit_price: UnitPrice
    minimum_quantity: Count | None = None
    maximum_quantity: Quantity | None = None

    @classmethod
    def together(cls, said: Mapping[str, Any]) -> Iterable[FieldError]:
        least, most = said.get("minimum_quantity"), said.get("maximum_quantity")
        if least is not None and most is not None and most < least:
            yield FieldError("maximum_quantity", _("This is less than the smallest quantity."))


class PriceListForm(Asked, forbid_unknown_fields=True, kw_only=True):
    """What one supplier asks for an item from now on: each break becomes a price of its own."""

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "supplier_id": "0190a1b2-c3d4-7e8f-9a0b-1c2d3e4f5a6b",
        "currency": "EUR",
        "base_quantity": "100",
        "breaks": [{"unit_price": "8.25"}, {"minimum_quantity": "1000", "unit_price": "7.90"}],
    }

    supplier_id: UUID
    breaks: Annotated[list[PriceBreak], msgspec.Meta(min_length=1, max_length=MOST_BREAKS)]

    @classmethod
    def together(cls, said: Mapping[str, Any]) -> Iterable[FieldError]:
        yield from super().together(said)
        starts = [each.minimum_quantity or 0 for each in said.get("breaks", ()) if isinstance(each, PriceBreak)]
        for place, start in enumerate(starts):
            if start in starts[:place]:
                yield FieldError(f"breaks.{place}.minimum_quantity", _("Another price begins at this quantity."))


class PriceForm(Asked, forbid_unknown_fields=True, kw_only=True):
    """One price, mended: a price that ends is given its last day, and no price ever disappears."""

    EXAMPLE: ClassVar[dict[str, str]] = {"currency": "EUR", "unit_price": "8.25", "base_quantity": "100"}

    unit_price: UnitPrice
    minimum_quantity: Count | None = None
    maximum_quantity: Quantity | None = None

    @classmethod
    def together(cls, said: Mapping[str, Any]) -> Iterable[FieldError]:
        yield from super().together(said)
        yield from PriceBreak.together(said)


class ItemRow(msgspec.Struct):
    """An item in a list."""

    id: UUID
    number: str
    name: str
    unit: str
    category: str
    tax_category: str
    tax_rate: Decimal
    gtin: str
    active: bool


class PriceOut(msgspec.Struct):
    """What one supplier asks: `unit_price` for `base_quantity` of `unit`; null for who may not see prices."""

    id: UUID
    version: int
    supplier: PartyOut
    supplier_item_number: str
    currency: str
    unit_price: Decimal | None
    base_quantity: Decimal
    unit: str
    minimum_quantity: Decimal | None
    maximum_quantity: Decimal | None
    lead_time_days: int | None
    valid_from: date | None
    valid_to: date | None


class ItemOut(ItemRow):
    version: int
    prices: list[PriceOut]


class ItemPage(NamedTuple):
    """One page of the list; `found` counts all pages, up to a cap."""

    rows: list[ItemRow]
    newer: str | None
    older: str | None
    found: int
