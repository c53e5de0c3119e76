"""Service entries in a browser: list, page, entering, deciding; what waits on home pages; their part of an order."""

from litestar import Router

from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Search, Subject
from portal.services.pages import decide, files, lists, panels, prepare, queues, show
from portal.services.pages.found import found
from portal.services.queries import ENTRIES_OPEN, ORDERS_OPEN

MENU = [MenuEntry(_("Services"), "/service-entries", "checklist", "service-entries:read", 22)]
SUBJECTS = {"service-entry": Subject(_("Service entry"), "/service-entries/{id}", "service-entries:read")}
SEARCHES = [Search(_("Service entries"), "/service-entries", found, "service-entries:read", 22)]
NARROWINGS = {"purchase-order": ORDERS_OPEN, "service-entry": ENTRIES_OPEN}
QUEUES = queues.QUEUES
PANELS = panels.PANELS

router = Router(
    "/", route_handlers=[*files.HANDLERS, *lists.HANDLERS, *prepare.HANDLERS, *decide.HANDLERS, *show.HANDLERS]
)
