"""Items and what suppliers ask for them, in a browser."""

from litestar import Router

from portal.catalogue.pages import editing, items, prices
from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Panel, Search, Subject

MENU = [MenuEntry(_("Items"), "/items", "box", "items:read", 70)]
SUBJECTS = {"item": Subject(_("Item"), "/items/{id}", "items:read")}
SEARCHES = [Search(_("Items"), "/items", items.found, "items:read", 30)]
PANELS = {"supplier": [Panel(items.asked_by, "suppliers/prices.html", 60, "prices:read")]}
router = Router("/", route_handlers=[*editing.HANDLERS, *prices.HANDLERS, *items.HANDLERS])
