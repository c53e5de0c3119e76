"""Alerts in a browser: the list, one alert, and what is open on an administrator's home page."""

from litestar import Router

from portal.alerts.pages import show
from portal.alerts.pages.show import AT, OPEN
from portal.alerts.rules import ABOUT
from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Subject

MENU = [MenuEntry(_("Alerts"), AT, "alert-triangle", "alerts:read", 83)]
SUBJECTS = {"alert": Subject(_("Alert"), AT + "/{id}", "alerts:read", ABOUT)}
QUEUES = {"administrator": [OPEN]}
router = Router("/", route_handlers=show.HANDLERS)
