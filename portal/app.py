"""The composition root: a readable list of what is mounted, and `wire()`, which lets lower layers reach higher ones."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request, Router
from litestar.di import Provide

import portal.access.api
import portal.access.pages
import portal.orders.api
from portal.access.guards import missing_guards, public, require
from portal.access.idempotency import Idempotency
from portal.access.identify import Identify, check_csrf
from portal.access.policy import POLICY
from portal.platform import database
from portal.platform.actor import Actor
from portal.platform.wiring import WIRING
from portal.web.body import JsonBody
from portal.web.headers import secure
from portal.web.problems import HANDLERS
from portal.web.reference import FieldSchemas, described, reference

API = (portal.access.api.router, portal.orders.api.router)
PAGES = (portal.access.pages.router,)


def wire() -> None:
    """Fill the tables of `portal.platform.wiring`: the same for web, worker, command line and tests."""
    if WIRING.complete:
        return
    POLICY.load()
    WIRING.require = require
    WIRING.complete = True


def create_app() -> Litestar:
    """The portal as an ASGI application; refuses to start unwired or with a route that declares no permission."""
    wire()
    app = Litestar(
        route_handlers=[Router("/api/v1", route_handlers=[*API, *reference([public])], dto=JsonBody, return_dto=None), *PAGES],
        middleware=[Identify, Idempotency],
        before_request=check_csrf,
        dependencies={"actor": Provide(_actor, sync_to_thread=False)},
        exception_handlers=HANDLERS,
        lifespan=[_connected],
        openapi_config=described([public]),
        plugins=[FieldSchemas()],
        before_send=[secure],
        request_max_body_size=10_000_000,
    )
    undeclared = missing_guards(handler for route in app.routes for handler in _handlers(route))
    if undeclared:
        raise RuntimeError("Routes without a permission: " + ", ".join(undeclared))
    return app


def _actor(request: Request[Any, Any, Any]) -> Actor:
    return request.scope["state"]["actor"]


def _handlers(route: Any) -> list[Any]:
    return list(getattr(route, "route_handlers", None) or [route.route_handler])


@asynccontextmanager
async def _connected(_app: Litestar) -> AsyncIterator[None]:
    await database.connect()
    try:
        yield
    finally:
        await database.disconnect()
