"""Items and prices as tests name them: what is not said is as usual."""

from decimal import Decimal as exact
from typing import Any
from uuid import UUID

from portal.catalogue import commands
from portal.catalogue.forms import ItemForm, PriceBreak, PriceListForm
from portal.catalogue.tables import Item, SupplierPrice
from portal.platform.actor import Actor

FIGURES = ("unit_price", "minimum_quantity", "maximum_quantity")


async def add_item(actor: Actor, *, number: str, name: str = "Hex bolt", unit: str = "C62", **said: Any) -> Item:
    taxed: dict[str, Any] = {"tax_category": "S", "tax_rate": exact(19)} | said
    listed: dict[str, Any] = {"number": number, "name": name, "unit": unit, "another": True}
    return await commands.add_item(actor, ItemForm(**(taxed | listed)))


async def set_price(actor: Actor, *, item: Item, supplier_id: UUID, **asked: Any) -> SupplierPrice:
    """One break of a supplier's prices for an item."""
    told = {name: asked.pop(name, None) for name in FIGURES}
    figures: dict[str, Any] = {name: None if value is None else exact(value) for name, value in told.items()}
    one = PriceBreak(**figures)
    shared: dict[str, Any] = {"currency": "EUR"} | asked
    form = PriceListForm(supplier_id=supplier_id, breaks=[one], **shared)
    return (await commands.set_prices(actor, item.id, form))[0]
