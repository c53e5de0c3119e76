"""The log, and what is kept by legal holds, in a browser."""

from litestar import Router

from portal.audit.pages import holds, log

router = Router("/", route_handlers=[*log.HANDLERS, *holds.HANDLERS])
MENU = [*log.MENU, *holds.MENU]
QUEUES = log.QUEUES

__all__ = ["MENU", "QUEUES", "router"]
