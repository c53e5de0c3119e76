"""Overrides, the history of the configuration, and the check of an entry, a PDF or a file of evidence."""

from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.audit import queries
from portal.audit.pages.log import midnight, record
from portal.audit.parts import wholes
from portal.audit.places import places
from portal.audit.words import sentence
from portal.operations.policy.queries import loads
from portal.operations.workspace.reports import CONFIGURATION, OVERRIDES, Group, events_of, why_of
from portal.operations.workspace.verifying import check_entry, check_file
from portal.platform.fields import Day, Line
from portal.platform.i18n import Message, _
from portal.platform.refusals import Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.input import form_data
from portal.web.query import read_query

AnyRequest = Request[Any, Any, Any]


class Asked(msgspec.Struct, kw_only=True, rename={"since": "from", "until": "to"}):
    """A group of events and a period, as the address of a report says them."""

    group: Line | None = None
    since: Day | None = None
    until: Day | None = None
    cursor: Line | None = None


@get("/audit/overrides", guards=[may("audit:read")], include_in_schema=False)
async def overrides(request: AnyRequest, actor: Acting) -> Response[Any]:
    """What was done against a rule, or after the fact, and why."""
    lead = _("What somebody let pass, released, undid or changed after the fact, with who and why.")
    return await _report(request, actor, _("Overrides"), lead, OVERRIDES, policies=[])


@get("/audit/configuration", guards=[may("audit:read")], include_in_schema=False)
async def configuration(request: AnyRequest, actor: Acting) -> Response[Any]:
    """How the portal was set, and which policy held since when."""
    async with viewing(actor, report=True) as view:
        policies = await loads(view)
    lead = _("How your company’s portal was set over time: settings, rates, terms, rights and the access policy.")
    return await _report(request, actor, _("History of the configuration"), lead, CONFIGURATION, policies=policies)


async def _report(
    request: AnyRequest, actor: Any, title: Message, lead: Message, groups: dict[str, Group] | Any, **more: Any
) -> Response[Any]:
    asked = read_query(request.query_params, Asked)
    chosen = queries.EntryFilter(
        events=events_of(groups, asked.group), since=midnight(asked.since, actor), until=midnight(asked.until, actor, 1)
    )
    async with viewing(actor, report=True) as view:
        found = await queries.entries(view, chosen, cursor=asked.cursor)
        named = partial(record, went=await places(view, found.items), of=await wholes(view, found.items))
    told = {
        "title": title,
        "lead": lead,
        "why": why_of,
        "groups": [(name, group.title) for name, group in groups.items()],
    }
    return page("workspace/report.html", **told, asked=asked, found=found, sentence=sentence, record=named, **more)


@get("/audit/{entry_id:uuid}/verify", guards=[may("audit:read")], include_in_schema=False)
async def verify_entry(actor: Acting, entry_id: FromPath[UUID]) -> Response[Any]:
    """The entry's proof, checked now."""
    async with viewing(actor) as view:
        checked = await check_entry(view, entry_id)
    return page("workspace/verify.html", checked=checked, form=Form())


@get("/audit/verify", guards=[may("audit:read")], include_in_schema=False)
async def verify(actor: Acting) -> Response[Any]:
    return page("workspace/verify.html", checked=None, form=Form())


@post("/audit/verify", guards=[may("audit:read")], include_in_schema=False, status_code=200)
async def verify_upload(request: AnyRequest, actor: Acting) -> Response[Any]:
    """Check a file; nothing of it is kept."""
    given = (await form_data(request)).get("file")
    name, data = (given.filename, await given.read()) if isinstance(given, UploadFile) else ("", b"")
    try:
        async with viewing(actor) as view:
            checked = await check_file(view, name, data)
    except Invalid as refusal:
        form = Form({}, refusal.errors)
        return page("workspace/verify.html", status=422, checked=None, form=form)
    return page("workspace/verify.html", checked=checked, form=Form())


HANDLERS = [overrides, configuration, verify_entry, verify, verify_upload]
