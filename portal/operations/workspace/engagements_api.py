"""Engagements, workpapers and evidence for programs of auditors and administrators."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from portal.access.guards import Acting, may
from portal.audit.forms import EntryOut
from portal.operations.workspace.commands import engagements as commands
from portal.operations.workspace.commands import papers as writing
from portal.operations.workspace.commands.evidence import ask_evidence
from portal.operations.workspace.engagements import engagement, engagements, readings
from portal.operations.workspace.evidence import evidence, evidence_list
from portal.operations.workspace.forms import (
    EngagementForm,
    EngagementOut,
    EvidenceForm,
    EvidenceOut,
    PaperForm,
    PaperOut,
    PopulationForm,
    PopulationOut,
    ResultForm,
    SampleForm,
    SignForm,
)
from portal.operations.workspace.pages.evidence import file_of
from portal.operations.workspace.papers import paper, papers
from portal.operations.workspace.populations import population, totals
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.web.answers import tagged
from portal.web.input import Reason
from portal.web.query import read_query


@get("/", guards=[may("engagements:read")], operation_id="listEngagements")
async def list_engagements(
    actor: Acting, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[EngagementOut]:
    """Engagements, newest first: all to administrators, to an auditor those of theirs."""
    async with viewing(actor) as view:
        return await engagements(view, cursor=cursor, limit=clamp(limit))


@get("/{engagement_id:uuid}", guards=[may("engagements:read")], operation_id="getEngagement")
async def show(actor: Acting, engagement_id: FromPath[UUID]) -> Response[EngagementOut]:
    """One engagement; `reads` is how much the auditor read, for whom it is not kept from."""
    return await _engagement(actor, engagement_id)


@post("/", guards=[may("engagements:open")], operation_id="openEngagement")
async def open_engagement(actor: Acting, data: JSONBody[EngagementForm]) -> Response[EngagementOut]:
    """Let an auditor read until the end of a day; who is no member yet is invited by mail."""
    return await _engagement(actor, (await commands.open_engagement(actor, data)).id, 201)


@post("/{engagement_id:uuid}/close", guards=[may("engagements:close")], operation_id="closeEngagement", status_code=200)
async def close(actor: Acting, engagement_id: FromPath[UUID], data: JSONBody[Reason | None] = None) -> Response[Any]:
    """End the access before its time; what the auditor read is released."""
    await commands.close_engagement(actor, engagement_id, (data.reason if data else None) or "")
    return await _engagement(actor, engagement_id)


@get("/{engagement_id:uuid}/reads", guards=[may("engagements:read")], operation_id="listEngagementReads")
async def list_reads(
    actor: Acting,
    engagement_id: FromPath[UUID],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[EntryOut]:
    """What the auditor read, newest first: the owner's alone to know until the engagement is over."""
    async with viewing(actor) as view:
        return await readings(view, engagement_id, cursor=cursor, limit=clamp(limit))


@get("/{engagement_id:uuid}/workpapers", guards=[may("workpapers:read")], operation_id="listWorkpapers")
async def list_papers(actor: Acting, engagement_id: FromPath[UUID]) -> list[PaperOut]:
    """All workpapers of an engagement, oldest first, for who takes part in it."""
    async with viewing(actor) as view:
        return await papers(view, engagement_id)


@get("/{paper_id:uuid}", guards=[may("workpapers:read")], operation_id="getWorkpaper")
async def show_paper(actor: Acting, paper_id: FromPath[UUID]) -> PaperOut:
    """One workpaper with its items, results, signature and projection."""
    return await _paper(actor, paper_id)


@post("/samples", guards=[may("workpapers:write")], operation_id="drawSample")
async def draw(actor: Acting, data: JSONBody[SampleForm]) -> Response[PaperOut]:
    """Draw a sample from a population; seed and control totals are kept, so anybody draws it again."""
    return Response(await _paper(actor, (await writing.draw_sample(actor, data)).id), status_code=201)


@post("/", guards=[may("workpapers:write")], operation_id="writeWorkpaper")
async def write(actor: Acting, data: JSONBody[PaperForm]) -> Response[PaperOut]:
    """A finding or a note."""
    return Response(await _paper(actor, (await writing.write_paper(actor, data)).id), status_code=201)


@post(
    "/{paper_id:uuid}/items/{sample_item_id:uuid}/results",
    guards=[may("workpapers:write")],
    operation_id="enterSampleResult",
    status_code=200,
)
async def judge(
    actor: Acting, paper_id: FromPath[UUID], sample_item_id: FromPath[UUID], data: JSONBody[ResultForm]
) -> PaperOut:
    """What was found of one item; the newest word counts and the earlier ones stay."""
    await writing.enter_result(actor, paper_id, sample_item_id, data)
    return await _paper(actor, paper_id)


@post("/{paper_id:uuid}/sign", guards=[may("workpapers:sign")], operation_id="signWorkpaper", status_code=200)
async def sign(actor: Acting, paper_id: FromPath[UUID], data: JSONBody[SignForm]) -> PaperOut:
    """Stand for a workpaper that somebody else made; nothing is added to it afterwards."""
    await writing.sign_paper(actor, paper_id, data)
    return await _paper(actor, paper_id)


@get("/population", guards=[may("workpapers:read")], operation_id="getPopulation")
async def count(
    actor: Acting,
    kind: Annotated[str, QueryParameter(description="orders, invoices, receipts or payments")],
    from_day: FromQuery[str | None] = None,
    until_day: FromQuery[str | None] = None,
    currency: FromQuery[str | None] = None,
) -> PopulationOut:
    """Control totals of a population: count, sums by currency, and a hash over all its records."""
    given = {"kind": kind, "from_day": from_day, "until_day": until_day, "currency": currency}
    form = read_query({name: value for name, value in given.items() if value}, PopulationForm)
    async with viewing(actor, report=True) as view:
        moment: Any = await view.value("select portal.now()")
        return totals(form.kind, await population(view, form), moment)


@get("/", guards=[may("workpapers:export")], operation_id="listEvidence")
async def list_bundles(
    actor: Acting, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[EvidenceOut]:
    """Evidence that was asked for, newest first."""
    async with viewing(actor) as view:
        return await evidence_list(view, cursor=cursor, limit=clamp(limit))


@post("/", guards=[may("workpapers:export")], operation_id="askEvidence")
async def ask(actor: Acting, data: JSONBody[EvidenceForm]) -> Response[EvidenceOut]:
    """Have evidence put together as one zip; it is ready when its `state` says so."""
    return await _evidence(actor, (await ask_evidence(actor, data)).id, 201)


@get("/{bundle_id:uuid}", guards=[may("workpapers:export")], operation_id="getEvidence")
async def show_bundle(actor: Acting, bundle_id: FromPath[UUID]) -> Response[EvidenceOut]:
    """How far the evidence is, and its hash once it is ready."""
    return await _evidence(actor, bundle_id)


@get("/{bundle_id:uuid}/file", guards=[may("workpapers:export")], operation_id="getEvidenceFile")
async def bundle_file(actor: Acting, bundle_id: FromPath[UUID]) -> Response[bytes]:
    """The zip; 409 until it is ready."""
    async with viewing(actor) as view:
        return await file_of(await evidence(view, bundle_id))


async def _engagement(actor: Actor, engagement_id: UUID, status: int = 200) -> Response[EngagementOut]:
    async with viewing(actor) as view:
        return tagged(await engagement(view, engagement_id), status)


async def _paper(actor: Actor, paper_id: UUID) -> PaperOut:
    async with viewing(actor) as view:
        return await paper(view, paper_id)


async def _evidence(actor: Actor, bundle_id: UUID, status: int = 200) -> Response[EvidenceOut]:
    async with viewing(actor) as view:
        return tagged(await evidence(view, bundle_id), status)


routers = [
    Router(
        "/engagements",
        route_handlers=[list_engagements, show, open_engagement, close, list_reads, list_papers],
        tags=["Audit"],
    ),
    Router("/workpapers", route_handlers=[count, show_paper, draw, write, judge, sign], tags=["Audit"]),
    Router("/evidence", route_handlers=[list_bundles, ask, show_bundle, bundle_file], tags=["Audit"]),
]
