"""Open items, statements, and what was bought of whom at what price, in a browser."""

from litestar import Router

from portal.analytics.pages import bought, lists, open, panels, queues
from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Subject

MENU = [MenuEntry(_("Open items"), "/open-items", "scale", "open-items:read", 55)]
SUBJECTS = {"statement": Subject(_("Statement"), "/statements/{id}", "open-items:read")}
PANELS = panels.PANELS
QUEUES = queues.QUEUES

router = Router("/", route_handlers=[*lists.HANDLERS, *open.HANDLERS, *bought.HANDLERS])
