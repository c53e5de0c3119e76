"""Goods receipts in a browser: list, page, booking; what waits for receivers; their part of orders and deliveries."""

from litestar import Router

from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Search, Subject
from portal.receipts.pages import documents, files, inspect, lists, panels, queues, receive, show
from portal.receipts.pages.found import found
from portal.receipts.queries import RECEIPTS_OPEN

MENU = [MenuEntry(_("Goods receipts"), "/receipts", "package-import", "goods-receipts:read", 21)]
SUBJECTS = {"goods-receipt": Subject(_("Goods receipt"), "/receipts/{id}", "goods-receipts:read")}
SEARCHES = [Search(_("Goods receipts"), "/receipts", found, "goods-receipts:read", 21)]
NARROWINGS = {"goods-receipt": RECEIPTS_OPEN}
QUEUES = queues.QUEUES
PANELS = panels.PANELS | documents.PANELS

_READ = [*files.HANDLERS, *documents.HANDLERS, *lists.HANDLERS]
router = Router("/", route_handlers=[*_READ, *receive.HANDLERS, *show.HANDLERS, *inspect.HANDLERS])
