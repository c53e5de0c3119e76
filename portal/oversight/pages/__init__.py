"""Emergencies and reviews of access in a browser."""

from litestar import Router

from portal.oversight.pages import campaign, emergencies, owners, queue, reviews
from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Subject

MENU = [
    MenuEntry(_("Access reviews"), "/access-reviews", "clipboard-check", "policy:read", 83),
    MenuEntry(_("Emergency access"), "/emergency-access", "urgent", "policy:read", 84),
]
SUBJECTS = {
    "break-glass": Subject(_("Emergency access"), "/emergency-access/{id}", "emergency-access:read"),
    "access-review": Subject(_("Access review"), "/access-reviews/{id}", "access-reviews:read"),
}
QUEUES = queue.QUEUES
SETTINGS = reviews.SETTINGS
_PAGES = (emergencies, reviews, campaign, owners)
router = Router("/", route_handlers=[handler for each in _PAGES for handler in each.HANDLERS])
