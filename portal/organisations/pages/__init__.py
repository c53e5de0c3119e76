"""Suppliers, payment terms and rates of exchange in a browser."""

from litestar import Router

from portal.organisations.pages import company, editing, files, holds, rates, suppliers, terms, tolerances
from portal.organisations.tables import Organisation, TradingRelationship
from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Search, SettingKind, Subject
from portal.settings.queries import STEPS, told

MENU = [
    MenuEntry(_("Suppliers"), "/suppliers", "building-factory-2", "suppliers:read", 60, "buyer"),
    MenuEntry(_("Your company"), "/suppliers", "building", "suppliers:read", 60, "supplier"),
    MenuEntry(_("Company data"), "/settings/company", "building", "company:read", 77),
    MenuEntry(_("Payment terms"), "/payment-terms", "calendar", "payment-terms:read", 73, "buyer"),
    MenuEntry(_("Exchange rates"), "/exchange-rates", "coins", "exchange-rates:enter", 74),
]
SUBJECTS = {"supplier": Subject(_("Supplier"), "/suppliers/{id}", "suppliers:read")}
PANELS = {"supplier": [*suppliers.PANELS["supplier"], *holds.PANELS, *tolerances.PANELS]}
_TOLERANCES = ("tolerances",)
SETTINGS = {
    "company-tolerances": SettingKind(
        _("Tolerances of the company"), Organisation, "id", _TOLERANCES, "settings:propose",
        "/settings/company-tolerances/{id}", told, steps=tuple(STEPS),
    ),
    "supplier-tolerances": SettingKind(
        _("Tolerances of a supplier"), TradingRelationship, "supplier_id", _TOLERANCES, "settings:propose",
        "/suppliers/{id}", told, opens="suppliers:read", steps=tuple(STEPS),
    ),
}  # fmt: skip
SEARCHES = [Search(_("Suppliers"), "/suppliers", suppliers.found, "suppliers:read", 20)]
_HANDLERS = [
    *company.HANDLERS,
    *files.HANDLERS,
    *editing.HANDLERS,
    *suppliers.HANDLERS,
    *holds.HANDLERS,
    *terms.HANDLERS,
    *rates.HANDLERS,
]
router = Router("/", route_handlers=_HANDLERS)
