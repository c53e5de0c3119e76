"""Ordering again in a browser: copies, what differs in them, and order templates."""

from litestar import Router

from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Subject
from portal.reorders.pages import again, panels, templates

SUBJECTS = {"order-template": Subject(_("Order template"), "/order-templates/{id}", "order-templates:read")}
STARTS = [MenuEntry(_("Order from a template"), "/order-templates", "files", "order-templates:create", 11)]
PANELS = panels.PANELS

router = Router("/", route_handlers=[*again.HANDLERS, *templates.HANDLERS])
