"""Purchase orders in a browser: list, page, entry, answer; what waits on home pages; where search and menu lead."""

from litestar import Router

from portal.orders.pages import (
    change,
    documents,
    entry,
    files,
    fragments,
    lists,
    panels,
    price,
    queues,
    respond,
    short_close,
    show,
)
from portal.orders.pages.found import found
from portal.orders.queries import OPEN
from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Search, Subject

MENU = [MenuEntry(_("Orders"), "/orders", "file-text", "orders:read", 10)]
SUBJECTS = {
    "purchase-order": Subject(_("Purchase order"), "/orders/{id}", "orders:read"),
    "order-change": Subject(_("Change of an order"), "/order-changes/{id}", "orders:read"),
}
SEARCHES = [Search(_("Orders"), "/orders", found, "orders:read", 10)]
STARTS = [MenuEntry(_("New order"), "/orders/new", "plus", "orders:create", 10)]
NARROWINGS = {"purchase-order": OPEN}
QUEUES = queues.QUEUES
PANELS = panels.PANELS | documents.PANELS

_HANDLERS = [
    *(*files.HANDLERS, *lists.HANDLERS, *entry.HANDLERS, *fragments.HANDLERS),
    *(*show.HANDLERS, *respond.HANDLERS, *short_close.HANDLERS),
    *(*change.HANDLERS, *documents.HANDLERS, *price.HANDLERS),
]
router = Router("/", route_handlers=_HANDLERS)
