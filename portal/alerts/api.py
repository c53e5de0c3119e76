"""Alerts for programs."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import FromPath, FromQuery, QueryParameter

from portal.access.guards import Acting, may
from portal.access.verbs import api_verbs
from portal.alerts import queries
from portal.alerts.forms import AlertOut
from portal.alerts.verbs import VERBS
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.web.answers import tagged


async def _alert(actor: Actor, alert_id: UUID) -> Response[AlertOut]:
    async with viewing(actor) as view:
        return tagged(await queries.alert(view, alert_id))


@get("/", guards=[may("alerts:read")], operation_id="listAlerts")
async def list_alerts(
    actor: Acting,
    states: Annotated[str | None, QueryParameter(name="state")] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[AlertOut]:
    """The company's alerts, newest first; `state` is open or resolved."""
    async with viewing(actor) as view:
        found = await queries.alerts(view, states, cursor, clamp(limit))
    return Page(found.rows, found.older)


@get("/{alert_id:uuid}", guards=[may("alerts:read")], operation_id="getAlert")
async def show(actor: Acting, alert_id: FromPath[UUID]) -> Response[AlertOut]:
    """One alert: what it is about, who looks after it, what came of it."""
    return await _alert(actor, alert_id)


_HANDLERS: list[Any] = [list_alerts, show, *api_verbs("alert_id", VERBS, _alert)]
router = Router("/alerts", route_handlers=_HANDLERS, tags=["Alerts"])
