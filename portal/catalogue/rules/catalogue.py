"""From prices to a catalogue: a row for each price, as a price list says it."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

import msgspec

from portal.catalogue.rules.ubl import Ask, Catalogue, CatalogueLine, Offer
from portal.platform.decimals import ONE, plain
from portal.platform.einvoice.codes import GTIN
from portal.platform.einvoice.ordering import Days
from portal.platform.einvoice.parties import party_of

OUT_OF_SCOPE: Final = "O"
OWN_LIST: Final = "ZZZ"  # UNCL 7143: mutually defined, as the buyer's own categories are
AMBIGUOUS: Final = 3  # decimals that look like thousands: 1.234


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One price of one item, of a line of its document: "" and None are what is not said."""

    line: int = 0
    item: str = ""
    supplier_item_number: str = ""
    gtin: str = ""
    name: str = ""
    unit: str = ""
    category: str = ""
    tax_category: str = ""
    tax_rate: Decimal | None = None
    currency: str = ""
    unit_price: Decimal | None = None
    base_quantity: Decimal | None = None
    price_unit: str = ""
    minimum_quantity: Decimal | None = None
    maximum_quantity: Decimal | None = None
    lead_time_days: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None


COLUMNS: Final = Row.__struct_fields__[1:]


def catalogue_of(number: str, day: date, parties: Mapping[str, Any], rows: Iterable[Row]) -> Catalogue:
    """The document of rows, those of an item one after the other."""
    lines = (list(group) for _item, group in groupby(rows, lambda row: (row.item, row.supplier_item_number)))
    return Catalogue(
        number=number,
        issue_date=day,
        provider=party_of(parties["supplier"]),
        receiver=party_of(parties["buyer"]),
        lines=tuple(_line(str(place), rows) for place, rows in enumerate(lines, start=1)),
    )


def _line(number: str, rows: list[Row]) -> CatalogueLine:
    first = rows[0]
    item = Offer(
        name=first.name,
        buyer_item=first.item,
        seller_item=first.supplier_item_number,
        gtin=first.gtin,
        gtin_scheme=GTIN if first.gtin else "",
        group=first.category,
        group_list=OWN_LIST if first.category else "",
        category=first.tax_category,
        rate=None if first.tax_category == OUT_OF_SCOPE else first.tax_rate,
    )
    return CatalogueLine(id=number, orderable=True, unit=first.unit, asks=tuple(map(_ask, rows)), item=item)


def _ask(row: Row) -> Ask:
    unit = row.price_unit or row.unit
    lead = None if row.lead_time_days is None else Decimal(row.lead_time_days)
    return Ask(
        lead=lead,
        lead_unit="" if lead is None else "DAY",
        minimum=row.minimum_quantity,
        minimum_unit="" if row.minimum_quantity is None else unit,
        maximum=row.maximum_quantity,
        maximum_unit="" if row.maximum_quantity is None else unit,
        amount=row.unit_price,
        currency=row.currency,
        base_quantity=row.base_quantity or ONE,
        base_unit=unit,
        valid=Days(since=row.valid_from, until=row.valid_to) if row.valid_from or row.valid_to else None,
    )


def cells(row: Row) -> list[str]:
    """The row as a table's cells, in the order of COLUMNS; numbers and days as nobody reads them otherwise."""
    return [_cell(getattr(row, name)) for name in COLUMNS]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, Decimal):
        return str(value)
    shown = plain(value)
    return f"{shown}0" if len(shown.partition(".")[2]) == AMBIGUOUS else shown
