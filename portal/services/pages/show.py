"""One service entry: what was performed, what was decided, and what may be done."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may, panels
from portal.access.queries import names
from portal.access.verbs import page_verbs
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.work import View, viewing
from portal.services import queries
from portal.services.forms import EntryOut
from portal.services.pages.acts import possible
from portal.services.pages.answers import answerable
from portal.services.pages.looks import STATES
from portal.services.states import L, S
from portal.services.tables import ServiceEntry
from portal.services.verbs import VERBS
from portal.web import Form, page
from portal.web.parts import Node


@get("/service-entries/{service_entry_id:uuid}", guards=[may("service-entries:read")], include_in_schema=False)
async def show(actor: Acting, service_entry_id: FromPath[UUID]) -> Response[Any]:
    return await shown(actor, service_entry_id)


async def shown(actor: Actor, entry_id: UUID, form: Form | None = None) -> Response[Any]:
    """The page, also with an answer to it that cannot be taken as it is, or for an act that is asked for again."""
    async with viewing(actor) as view:
        row = await queries.entry_row(view, entry_id)
        entry = await queries.out_of(view, row)
        sections = await panels(view, "service-entry", row)
        history = await _history(view, row)
    decides = row.state == S.SUBMITTED and allowed(actor, "service-entries:decide", row)
    return page(
        "services/show.html",
        entry=entry,
        history=history,
        panels=sections,
        own=row.supplier_id == actor.organisation_id,
        acts=possible(actor, row),
        decides=decides,
        form=answerable(form or Form(_unanswered(entry)), entry) if decides else Form(),
        looks=STATES,
    )


def _unanswered(entry: EntryOut) -> dict[str, Any]:
    waiting = [line for line in entry.lines if line.state == L.WAITING]
    return {f"lines.{number}.line_id": str(line.id) for number, line in enumerate(waiting)}


async def _history(view: View, entry: ServiceEntry) -> list[Node]:
    people = await names(
        view, [who for who in (entry.created_by, entry.submitted_by, entry.decided_by, entry.reversed_by) if who]
    )
    nodes = []
    if entry.supplier_id == view.actor.organisation_id:
        nodes.append(Node(_("Prepared"), entry.created_at, _who(people, entry.created_by), icon="pencil"))
    if entry.submitted_at is not None:
        nodes.append(Node(_("Submitted"), entry.submitted_at, _who(people, entry.submitted_by), icon="send"))
    if entry.decided_at is not None:
        refused = entry.state == S.REJECTED
        title = _("Rejected") if refused else _("Decided") if entry.state == S.SUBMITTED else _("Accepted")
        state = "failed" if refused else "done"
        nodes.append(Node(title, entry.decided_at, _who(people, entry.decided_by), state, icon="checklist"))
    if entry.cancelled_at is not None:
        nodes.append(Node(_("Taken back"), entry.cancelled_at, state="failed", detail=entry.reason, icon="ban"))
    if entry.reversed_at is not None:
        who = _who(people, entry.reversed_by)
        nodes.append(Node(_("Reversed"), entry.reversed_at, who, "failed", entry.reason, icon="arrow-back-up"))
    return nodes


def _who(people: Mapping[UUID, tuple[str, str]], person: UUID | None) -> str:
    return people[person][0] if person is not None and person in people else ""


HANDLERS = [show, *page_verbs("/service-entries", "service_entry_id", VERBS, shown)]
