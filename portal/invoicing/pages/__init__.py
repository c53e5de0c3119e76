"""Invoices and credit notes in a browser: writing one, the lists, their pages; home queues, search and menu."""

from litestar import Router

from portal.invoicing.pages import (
    acts,
    credit_new,
    credits,
    files,
    flip,
    lists,
    machine,
    panels,
    queues,
    received,
    received_credits,
    settings,
    show,
)
from portal.invoicing.queries import OPEN, ORDERS_OPEN
from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Search, Subject

MENU = [
    MenuEntry(_("Invoices"), "/invoices", "file-invoice", "invoices:read", 40),
    MenuEntry(_("Credit notes"), "/credit-notes", "receipt-refund", "credit-notes:read", 41),
    MenuEntry(_("Invoice matching"), "/invoices/settings", "scale", "invoices:configure", 72, "buyer"),
]
SUBJECTS = {
    "invoice": Subject(_("Invoice"), "/invoices/{id}", "invoices:read"),
    "credit-note": Subject(_("Credit note"), "/credit-notes/{id}", "credit-notes:read"),
}
SEARCHES = [
    Search(_("Invoices"), "/invoices", panels.found, "invoices:read", 40),
    Search(_("Credit notes"), "/credit-notes", panels.found_credits, "credit-notes:read", 41),
]
NARROWINGS = {"purchase-order": ORDERS_OPEN, "invoice": OPEN}
QUEUES = queues.QUEUES
PANELS = panels.PANELS

_READ = [*files.HANDLERS, *machine.HANDLERS, *lists.HANDLERS, *settings.HANDLERS, *show.HANDLERS, *received.HANDLERS]
_CREDITS = [*credits.HANDLERS, *credit_new.HANDLERS, *received_credits.HANDLERS]
router = Router("/", route_handlers=[*_READ, *flip.HANDLERS, *acts.HANDLERS, *_CREDITS])
