"""Despatch advices in a browser: list, page, preparation; what waits on home pages; their part of an order's page."""

from litestar import Router

from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Search, Subject
from portal.shipments.pages import documents, files, lists, panels, prepare, queues, show
from portal.shipments.pages.found import found
from portal.shipments.queries import ADVICES_OPEN, ORDERS_OPEN

MENU = [MenuEntry(_("Deliveries"), "/despatch-advices", "truck-delivery", "despatch-advices:read", 20)]
SUBJECTS = {"despatch-advice": Subject(_("Despatch advice"), "/despatch-advices/{id}", "despatch-advices:read")}
SEARCHES = [Search(_("Despatch advices"), "/despatch-advices", found, "despatch-advices:read", 20)]
NARROWINGS = {"purchase-order": ORDERS_OPEN, "despatch-advice": ADVICES_OPEN}
QUEUES = queues.QUEUES
PANELS = panels.PANELS | documents.PANELS

router = Router(
    "/", route_handlers=[*files.HANDLERS, *lists.HANDLERS, *prepare.HANDLERS, *show.HANDLERS, *documents.HANDLERS]
)
