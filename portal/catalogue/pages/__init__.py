"""Items and what suppliers ask for them, in a browser."""

from litestar import Router

from portal.catalogue.pages import editing, files, items, machine, prices
from portal.catalogue.tables import Item
from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Panel, Search, SettingKind, Subject
from portal.settings.queries import OF_GOODS, told

MENU = [MenuEntry(_("Items"), "/items", "box", "items:read", 70)]
SUBJECTS = {"item": Subject(_("Item"), "/items/{id}", "items:read")}
SEARCHES = [Search(_("Items"), "/items", items.found, "items:read", 30)]
PANELS = {
    "supplier": [Panel(items.asked_by, "suppliers/prices.html", 60, "prices:read")],
    "item": [Panel(items.tolerances, "settings/panel.html", 80, "settings:read")],
}
SETTINGS = {
    "item-tolerances": SettingKind(
        _("Tolerances of an item"),
        Item,
        "id",
        ("tolerances",),
        "settings:propose",
        "/items/{id}",
        told,
        opens="items:read",
        steps=OF_GOODS,
    )
}
parts = (files, editing, prices, items, machine)
router = Router("/", route_handlers=[handler for part in parts for handler in part.HANDLERS])
