"""One despatch advice: what is in it, how much of it came, and what may be done."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from portal.access.guards import Acting, may, panels
from portal.access.queries import names
from portal.access.verbs import page_verbs
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.work import View, viewing
from portal.shipments import queries
from portal.shipments.pages.acts import possible
from portal.shipments.tables import DespatchAdvice
from portal.shipments.verbs import VERBS
from portal.web import page
from portal.web.acts import with_next
from portal.web.looks import Look
from portal.web.parts import Node

ARRIVAL = {
    "none": Look(_("On the way"), "info", "truck-delivery"),
    "partial": Look(_("Arrived in part"), "progress", "package-import"),
    "complete": Look(_("Arrived"), "success", "circle-check"),
    "ended": Look(_("Over: the rest did not come"), "warning", "ban"),
}


@get("/despatch-advices/{advice_id:uuid}", guards=[may("despatch-advices:read")], include_in_schema=False)
async def show(actor: Acting, advice_id: FromPath[UUID]) -> Response[Any]:
    return await shown(actor, advice_id)


async def shown(actor: Actor, advice_id: UUID) -> Response[Any]:
    """The advice, what later capabilities know of it, and its history with what they tell of it (`nodes`); also the
    page for an act on it that is asked for again."""
    async with viewing(actor) as view:
        row = await queries.advice_row(view, advice_id)
        advice = await queries.out_of(view, row)
        sections = await panels(view, "despatch-advice", row)
        came = [node for section in sections for node in getattr(section.data, "nodes", ())]
        history = await _history(view, row)
    return page(
        "shipments/show.html",
        advice=advice,
        history=sorted(history + came, key=lambda node: node.at or advice.created_at),
        panels=sections,
        own=row.supplier_id == actor.organisation_id,
        acts=with_next(possible(actor, row), sections),
        arrival=ARRIVAL,
    )


async def _history(view: View, advice: DespatchAdvice) -> list[Node]:
    people = await names(
        view, [person for person in (advice.created_by, advice.despatched_by, advice.ended_by) if person]
    )

    def who(person: UUID | None) -> str:
        return people[person][0] if person is not None and person in people else ""

    nodes = []
    if advice.supplier_id == view.actor.organisation_id:
        nodes.append(Node(_("Prepared"), advice.created_at, who(advice.created_by), icon="pencil"))
    if advice.despatched_at is not None:
        nodes.append(Node(_("Despatched"), advice.despatched_at, who(advice.despatched_by), icon="truck-delivery"))
    if advice.ended_at is not None:
        title = _("The rest did not come")
        nodes.append(Node(title, advice.ended_at, who(advice.ended_by), "failed", advice.end_reason, icon="ban"))
    if advice.cancelled_at is not None:
        nodes.append(Node(_("Dropped"), advice.cancelled_at, state="failed", detail=advice.reason))
    return nodes


HANDLERS = [show, *page_verbs("/despatch-advices", "advice_id", VERBS, shown)]
