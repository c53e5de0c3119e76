"""The composition root: `create_app()`, and `wire()`, by which lower layers reach the higher ones that are mounted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from litestar import Litestar, Request, Router
from litestar.di import Provide
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin

import portal.audit.noting
import portal.audit.queries
import portal.documents.evidence
import portal.documents.own
import portal.documents.previews
import portal.documents.queries
import portal.documents.sheets
from portal.access.carrying import carry
from portal.access.following import following
from portal.access.frame import forget_flash
from portal.access.guards import missing_guards, public, require, scope_of
from portal.access.idempotency import Idempotency
from portal.access.identify import Identify, check_csrf, introduce
from portal.access.policy import POLICY
from portal.app.mounted import (
    API,
    MENU,
    NARROWED,
    NARROWINGS,
    PAGES,
    PANELS,
    PERIODIC,
    QUEUES,
    REACTIONS,
    SEARCHES,
    SETTINGS,
    STARTS,
    SUBJECTS,
)
from portal.app.records import DOCUMENTS, EVIDENCE
from portal.platform import database
from portal.platform.actor import Actor
from portal.platform.watching import metrics, tracing
from portal.platform.wiring import WIRING
from portal.web.answers import JsonAnswer
from portal.web.assets import assets, favicon
from portal.web.body import JsonBody, require_json
from portal.web.headers import secure
from portal.web.health import health
from portal.web.hosts import Hosts
from portal.web.metrics import exposed
from portal.web.parameters import learn_parameters, refuse_other_parameters
from portal.web.problems import HANDLERS, learn_meanwhile
from portal.web.reference import FieldSchemas, described, reference
from portal.web.watching import watch


def wire() -> None:
    """Fill the tables of `portal.platform.wiring`: the same for web, worker, command line and tests."""
    if WIRING.complete:
        return
    POLICY.load()
    WIRING.require = require
    WIRING.scope = partial(scope_of, NARROWED)
    WIRING.meanwhile = portal.audit.queries.meanwhile
    WIRING.files = portal.documents.queries.files_of
    WIRING.completed = portal.documents.evidence.completed
    WIRING.printed = portal.documents.sheets.printed
    WIRING.worn = portal.documents.previews.preview
    for table in REACTIONS:
        WIRING.react(table)
    for panels in PANELS:
        for kind, shown in panels.items():
            WIRING.show(kind, *shown)
    for queues in QUEUES:
        for role, waiting in queues.items():
            WIRING.queue(role, *waiting)
    for subjects in SUBJECTS:
        WIRING.subjects.update(subjects)
    for documents in DOCUMENTS:
        WIRING.documents.update(documents)
    for settings in SETTINGS:
        WIRING.settings.update(settings)
    WIRING.evidence.update(EVIDENCE)
    for narrowings in NARROWINGS:
        for kind, known in narrowings.items():
            WIRING.narrow(kind, known)
    WIRING.starts.extend(entry for starts in STARTS for entry in starts)
    WIRING.menu.extend(entry for menu in MENU for entry in menu)
    WIRING.searches.extend(sorted((found for searches in SEARCHES for found in searches), key=lambda s: s.place))
    WIRING.periodic.extend(entry for periodic in PERIODIC for entry in periodic)
    WIRING.complete = True


class Portal(Litestar):
    """The application; each request is watched from outside of everything that answers it.

    It is Litestar without what that adds for libraries that are installed and not ours: pydantic alone takes as long to
    load as all of our routes.
    """

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await watch(super().__call__, scope, receive, send)


def create_app() -> Litestar:
    """The portal as an ASGI application; refuses to start with a route that declares no permission."""
    wire()
    app = Portal(
        route_handlers=[
            Router(
                "/api/v1",
                route_handlers=[*API, *reference([public])],
                dto=JsonBody,
                return_dto=None,
                response_class=JsonAnswer,
            ),
            *health([public], portal.documents.own.require_own),
            *exposed([public]),
            Router("/", route_handlers=[assets, favicon], guards=[public]),
            *PAGES,
        ],
        middleware=[Hosts, Identify, Idempotency],
        before_request=_before,
        dependencies={"actor": Provide(_actor, sync_to_thread=False)},
        exception_handlers=HANDLERS,
        lifespan=[_connected],
        openapi_config=described([public]),
        plugins=[FieldSchemas()],
        before_send=[secure, forget_flash, carry, portal.audit.noting.note],
        after_exception=[introduce, portal.audit.noting.remember, learn_meanwhile],
        logging_config=None,
        request_max_body_size=10_000_000,
    )
    undeclared = missing_guards(handler for route in app.routes for handler in _handlers(route))
    if undeclared:
        raise RuntimeError("Routes without a permission: " + ", ".join(undeclared))
    learn_parameters(app.routes)
    return app


async def _before(request: Request[Any, Any, Any]) -> None:
    if request.url.path.startswith("/api/"):
        refuse_other_parameters(request)
        await require_json(request)
    if not request.url.path.startswith("/static/"):
        await check_csrf(request)


def _actor(request: Request[Any, Any, Any]) -> Actor:
    return request.scope["state"]["actor"]


def _handlers(route: Any) -> list[Any]:
    return list(getattr(route, "route_handlers", None) or [route.route_handler])


@asynccontextmanager
async def _connected(_app: Litestar) -> AsyncIterator[None]:
    await database.connect()
    metrics.begin("web")
    tracing.begin("web")
    counting = asyncio.create_task(database.keep_counting())
    try:
        async with following():
            yield
    finally:
        counting.cancel()
        await database.disconnect()
        await asyncio.to_thread(tracing.end)
        metrics.end()
