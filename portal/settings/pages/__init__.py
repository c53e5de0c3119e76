"""Settings in a browser: what they are, what waits for a second person, what they were."""

from litestar import Router

from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Subject
from portal.settings.pages import one, overview, queue, version

MENU = [MenuEntry(_("Settings"), "/settings", "settings", "settings:read", 78)]
SUBJECTS = {"setting": Subject(_("Setting"), "/settings/versions/{id}", "settings:read")}
QUEUES = queue.QUEUES
PANELS = queue.PANELS
router = Router("/", route_handlers=[*overview.HANDLERS, *version.HANDLERS, *one.HANDLERS])
