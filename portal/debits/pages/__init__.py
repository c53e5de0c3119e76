"""Debit notes in a browser: list, page, what waits for a decision, and their part of a contract's page."""

from litestar import Router

from portal.debits.pages import lists, panels, queues, show
from portal.debits.queries import OPEN
from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Subject

MENU = [MenuEntry(_("Debit notes"), "/debit-notes", "calendar-time", "debit-notes:read", 42)]
SUBJECTS = {"debit-note": Subject(_("Debit note"), "/debit-notes/{id}", "debit-notes:read")}
NARROWINGS = {"debit-note": OPEN}
QUEUES = queues.QUEUES
PANELS = panels.PANELS

router = Router("/", route_handlers=[*lists.HANDLERS, *show.HANDLERS])
