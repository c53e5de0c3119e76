"""Situations of ordering again: an order of items with prices, which change afterwards."""

from decimal import Decimal
from typing import Any

from portal.catalogue.tables import Item
from portal.orders.tables import PurchaseOrder
from portal.platform.convert import convert
from portal.reorders import commands as reorders
from portal.reorders.forms import TemplateForm
from portal.reorders.tables import OrderTemplate
from tests.harness.masters import set_price
from tests.harness.world import Organised, accepted_order, an_item, draft_order, line

TEMPLATES = "/api/v1/order-templates"


async def priced_item(company: Organised, supplier: Organised, price: str, **columns: Any) -> Item:
    item = await an_item(company, tax_rate=Decimal(19), **columns)
    await asked_for(company, supplier, item, price)
    return item


async def asked_for(company: Organised, supplier: Organised, item: Item, price: str, **more: Any) -> None:
    """The supplier asks for another price for the item from now on."""
    told = {"currency": "EUR", "unit_price": Decimal(price)} | more
    await set_price(company.supplier_manager, item=item, supplier_id=supplier.id, **told)


async def order_of(company: Organised, supplier: Organised, *items: Item, **changes: Any) -> PurchaseOrder:
    lines = [line(item_id=str(item.id), description=item.name) for item in items] or [line()]
    return await accepted_order(company, supplier, *lines, **changes)


async def kept_template(
    company: Organised, supplier: Organised, name: str = "Monthly", *, shared: bool = False
) -> OrderTemplate:
    """A template of the requester's, made of a draft."""
    order = await draft_order(company, supplier)
    form = convert(TemplateForm, {"order_id": str(order.id), "name": name, "shared": shared})
    return await reorders.save(company.requester, form)
