"""Suppliers, payment terms and rates of exchange in a browser."""

from litestar import Router

from portal.organisations.pages import editing, rates, suppliers, terms
from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Search, Subject

MENU = [
    MenuEntry(_("Suppliers"), "/suppliers", "building-factory-2", "suppliers:read", 60, "buyer"),
    MenuEntry(_("Your company"), "/suppliers", "building", "suppliers:read", 60, "supplier"),
    MenuEntry(_("Payment terms"), "/payment-terms", "calendar", "payment-terms:read", 73, "buyer"),
    MenuEntry(_("Exchange rates"), "/exchange-rates", "coins", "exchange-rates:enter", 74),
]
SUBJECTS = {"supplier": Subject(_("Supplier"), "/suppliers/{id}", "suppliers:read")}
PANELS = suppliers.PANELS
SEARCHES = [Search(_("Suppliers"), "/suppliers", suppliers.found, "suppliers:read", 20)]
router = Router("/", route_handlers=[*editing.HANDLERS, *suppliers.HANDLERS, *terms.HANDLERS, *rates.HANDLERS])
