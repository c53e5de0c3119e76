"""Engagements in a browser: opened and ended by administrators; to who takes part, the door to the workpapers."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may
from portal.access.queries import colleagues
from portal.audit import holdings
from portal.audit.pages.log import record
from portal.audit.places import places
from portal.audit.words import sentence
from portal.operations.workspace import papers
from portal.operations.workspace.commands import engagements as commands
from portal.operations.workspace.engagements import engagement, engagements, readings, takes_part
from portal.operations.workspace.forms import EngagementForm
from portal.operations.workspace.populations import KINDS
from portal.operations.workspace.sampling import RISKS
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Denied, FieldError, Invalid
from portal.platform.wiring import MenuEntry, Subject
from portal.platform.work import View, viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import as_seen, read_form, reason_of

AT = "/engagements"
METHODS = {"random": _("Random, every record alike"), "monetary": _("Money units, every amount alike")}
SEVERITIES = {"low": _("Low"), "medium": _("Medium"), "high": _("High")}
AnyRequest = Request[Any, Any, Any]
MENU = [MenuEntry(_("Engagements"), AT, "briefcase", "engagements:read", 91)]
SUBJECTS = {
    "engagement": Subject(_("Engagement"), "/engagements/{id}", "engagements:read"),
    "workpaper": Subject(_("Workpaper"), "/workpapers/{id}", "workpapers:read"),
    "evidence-bundle": Subject(_("Evidence"), "/evidence/{id}", "workpapers:export"),
}


@get(AT, guards=[may("engagements:read")], include_in_schema=False)
async def list_engagements(actor: Acting) -> Response[Any]:
    return await _list(actor, Form())


@post(AT, guards=[may("engagements:open")], include_in_schema=False)
async def open_engagement(request: AnyRequest, actor: Acting) -> Response[Any]:
    form = await read_form(request)
    try:
        wanted = form.convert(EngagementForm, only=EngagementForm.__struct_fields__)
        opened = await commands.open_engagement(actor, wanted)
    except (Invalid, Conflict, Denied) as refusal:
        errors = list(refusal.errors) or [FieldError("", refusal.message)]
        return await _list(actor, Form(form.values, errors), status=refusal.status)
    return go(f"{AT}/{opened.id}", _("The engagement is open."))


async def _list(actor: Actor, form: Form, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        found = await engagements(view, limit=200)
        opens = allowed(actor, "engagements:open")
        owners = await _owners(view) if opens else []
    told: dict[str, Any] = {"found": found.items, "form": form, "opens": opens, "owners": owners}
    return page("workspace/engagements.html", status=status, **told)


async def _owners(view: View) -> list[tuple[str, str]]:
    """Auditors of the organisation who may own an audit that this administrator opens."""
    able = [
        each for each in await colleagues(view) if "auditor" in each.roles and each.person_id != view.actor.person_id
    ]
    return [(str(each.person_id), f"{each.name} · {each.email}") for each in able]


@get("/engagements/{engagement_id:uuid}", guards=[may("engagements:read")], include_in_schema=False)
async def show(actor: Acting, engagement_id: FromPath[UUID]) -> Response[Any]:
    return await shown(actor, engagement_id)


@post("/engagements/{engagement_id:uuid}/close", guards=[may("engagements:close")], include_in_schema=False)
async def close(request: AnyRequest, actor: Acting, engagement_id: FromPath[UUID]) -> Response[Any]:
    form = await read_form(request)
    reason = reason_of(form, _("Say why the engagement ends."))
    await commands.close_engagement(as_seen(actor, form), engagement_id, reason)
    return go(f"{AT}/{engagement_id}", _("The engagement is over."))


async def shown(actor: Actor, engagement_id: UUID, form: Form | None = None, *, status: int = 200) -> Response[Any]:
    """The engagement with its workpapers, and the forms that add to them; `form` was sent and is asked for again."""
    async with viewing(actor) as view:
        told = await engagement(view, engagement_id)
        part = allowed(actor, "workpapers:read") and await takes_part(view, engagement_id)
        found = await papers.papers(view, engagement_id) if part else []
        partners = [(str(key), name) for key, name in await holdings.partners(view)] if part else []
        read = (await readings(view, engagement_id, limit=100)).items if told.reads else []
        went = await places(view, read)
    more: dict[str, Any] = {
        "kinds": list(KINDS.items()),
        "methods": list(METHODS.items()),
        "severities": list(SEVERITIES.items()),
    }
    more |= {
        "risks": [(str(risk), f"{risk} %") for risk in RISKS],
        "papers": found,
        "read": read,
        "partners": partners,
        "sentence": sentence,
    }
    more["record"] = partial(record, actor=actor, went=went)
    writes = part and not told.over
    ends = commands.ends_early(actor, told.opened_by, told.auditor_id)
    more["ends"] = ends and not told.over and allowed(actor, "engagements:close")
    return page(
        "workspace/engagement.html", status=status, told=told, part=part, writes=writes, form=form or Form(), **more
    )


HANDLERS = [list_engagements, open_engagement, show, close]
