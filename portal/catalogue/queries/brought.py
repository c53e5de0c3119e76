"""A catalogue from outside as a table of prices, by the reader's own numbers.

It names the supplier by the buyer's own number for it, and each item by the buyer's number, if it is known; an item
that nobody knows bears the supplier's number, so that it can be added under that. What a price list has no column for
(pictures, properties, terms) stands in a column of its own, for whoever imports the prices to see.
"""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from portal.catalogue.rules.catalogue import Row, cells
from portal.catalogue.rules.reading import catalogue_in, rows_of, unfit, untold
from portal.catalogue.rules.ubl import Catalogue
from portal.organisations.queries import suppliers_named, terms
from portal.platform.einvoice.codes import GLN, vat_number
from portal.platform.einvoice.model import Party
from portal.platform.einvoice.parties import is_another, party_of
from portal.platform.einvoice.reading import MOST_BYTES
from portal.platform.i18n import Message, _
from portal.platform.refusals import Invalid
from portal.platform.work import View

__all__ = ["MOST_BYTES", "TITLES", "rows_brought"]

# In English, whoever brings it: mappings are kept, and read by colleagues. Importers know these names
# (portal/operations/imports/synonyms.csv); an item's unit need not be that of its price.
TITLES: Final = (
    *("Supplier", "Item number", "Supplier item number", "GTIN", "Item name", "Orderable unit", "Category"),
    *("Tax category", "Tax rate", "Currency", "Unit price", "Price base", "Unit of the price", "Minimum quantity"),
    *("Maximum quantity", "Lead time", "Valid from", "Valid until", "Not in a price list"),
)
# By its price lists, else by the GTIN, where that means one item.
_THEIRS: Final = """
select p.supplier_item_number as named, min(i.number) as number from supplier_price p join item i on i.id = p.item_id
where p.buyer_id = $1 and p.supplier_id = $2 and p.supplier_item_number <> ''
group by p.supplier_item_number having count(distinct i.id) = 1
"""
_GTINS: Final = """
select gtin as named, min(number) as number from item where organisation_id = $1 and gtin <> '' and gtin = any($2)
group by gtin having count(*) = 1
"""


class Read(NamedTuple):
    """A catalogue: what it says, its prices as rows, and of each line what no row says."""

    said: Catalogue
    rows: list[Row]
    rest: list[str]


class Known(NamedTuple):
    """The reader's own numbers of items, by what a supplier calls them and by their GTIN."""

    theirs: dict[str, str]
    gtins: dict[str, str]


async def rows_brought(view: View, data: bytes) -> Iterator[Sequence[str]]:
    """The titles, then a row for each price; raises Invalid with all that is wrong with the catalogue."""
    read = await asyncio.to_thread(_read, data)
    supplier_id, number = await _supplier(view, read.said.provider, read.said.receiver)
    return _table(number, read, await _items_meant(view, supplier_id, read.rows))


def _read(data: bytes) -> Read:
    root, said = catalogue_in(data)
    if errors := list(unfit(root, said)):
        raise Invalid(errors=errors)
    return Read(said, list(rows_of(said)), list(untold(root, said)))


def _table(supplier: str, read: Read, known: Known) -> Iterator[Sequence[str]]:
    yield TITLES
    told = -1
    for row in read.rows:
        rest, told = "" if row.line == told else read.rest[row.line], row.line
        yield [supplier, *cells(msgspec.structs.replace(row, item=_number(row, known))), rest]


def _number(row: Row, known: Known) -> str:
    found = row.item or known.theirs.get(row.supplier_item_number) or known.gtins.get(row.gtin)
    return found or row.supplier_item_number or row.gtin


async def _items_meant(view: View, supplier_id: UUID, rows: Sequence[Row]) -> Known:
    buyer = view.actor.organisation_id
    theirs = await view.fetch(_THEIRS, buyer, supplier_id)
    gtins = await view.fetch(_GTINS, buyer, sorted({row.gtin for row in rows if row.gtin}))
    return Known(*({row["named"]: row["number"] for row in found} for found in (theirs, gtins)))


async def _supplier(view: View, provider: Party, receiver: Party) -> tuple[UUID, str]:
    """Who offers it, and the buyer's own number for them; a catalogue for somebody else is refused."""
    fit = [each for each in await _named(view, provider) if not is_another(provider, party_of(each["party"]))]
    if len(fit) != 1:
        several = _("Several of your suppliers could be meant: name one by its GLN or VAT number.")
        raise Invalid(several if fit else _("The provider of this catalogue is none of your suppliers."))
    agreed = await terms(view, view.actor.organisation_id, fit[0]["supplier_id"])
    if agreed is None or is_another(receiver, party_of(msgspec.to_builtins(agreed.buyer))):
        raise Invalid(_("The document names another company here."))
    if not agreed.supplier_number:
        raise Invalid(_numberless(agreed.supplier.name))
    return fit[0]["supplier_id"], agreed.supplier_number


async def _named(view: View, provider: Party) -> list[Any]:
    glns = [each.value for each in provider.identifiers if each.scheme == GLN]
    return await suppliers_named(
        view,
        gln=next(iter([*glns, provider.endpoint if provider.endpoint_scheme == GLN else ""])),
        register=provider.registration,
        vat=vat_number(provider.vat_number),
        own_numbers=[each.value for each in provider.identifiers if not each.scheme],
        name=provider.name or provider.trading_name,
    )


def _numberless(name: str) -> Message:
    return _("{name} has no number of yours, by which prices name their supplier. Give it one first.", name=name)
