"""Reviews of access for programs: campaigns, decisions, reports, and who answers for each role."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from portal.access.guards import Acting, may
from portal.oversight import commands, queries
from portal.oversight.forms import (
    CampaignForm,
    OwnerOut,
    OwnersForm,
    ReviewDaysForm,
    ReviewedOut,
    ReviewOut,
    RoleDecision,
)
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.settings.forms import SettingVersionOut
from portal.settings.queries import version
from portal.web.answers import tagged
from portal.web.downloads import whole


class Kept(msgspec.Struct):
    """How many roles were kept just now."""

    kept: int


async def _review(actor: Actor, review_id: UUID, status: int = 200) -> Response[ReviewOut]:
    async with viewing(actor) as view:
        return tagged(await queries.review(view, review_id), status)


@get("/", guards=[may("access-reviews:read")], operation_id="listAccessReviews")
async def list_reviews(
    actor: Acting, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[ReviewOut]:
    """Newest first, without their roles: all to administrators and auditors, to reviewers those of theirs."""
    async with viewing(actor) as view:
        return await queries.reviews(view, cursor=cursor, limit=clamp(limit))


@get("/{review_id:uuid}", guards=[may("access-reviews:read")], operation_id="getAccessReview")
async def show(actor: Acting, review_id: FromPath[UUID]) -> Response[ReviewOut]:
    """One campaign with its roles, as far as its reader may see them."""
    return await _review(actor, review_id)


@post("/", guards=[may("access-reviews:open")], operation_id="openAccessReview")
async def open_review(actor: Acting, data: JSONBody[CampaignForm]) -> Response[ReviewOut]:
    """Begin a campaign by hand: one role of one member each, until the end of a day."""
    return await _review(actor, (await commands.open_review(actor, data)).id, 201)


@post(
    "/{review_id:uuid}/close",
    guards=[may("access-reviews:close")],
    operation_id="closeAccessReview",
    status_code=200,
)
async def close(actor: Acting, review_id: FromPath[UUID]) -> Response[ReviewOut]:
    """Before its day, where everything is decided. On its day it closes by itself, and what is left is taken back."""
    await commands.close(actor, review_id)
    return await _review(actor, review_id)


@post(
    "/{review_id:uuid}/keep-all",
    guards=[may("access-reviews:decide")],
    operation_id="keepReviewedRoles",
    status_code=200,
)
async def keep_all(actor: Acting, review_id: FromPath[UUID]) -> Kept:
    """Keep every role that waits for one's own decision and against which nothing speaks."""
    return Kept(await commands.keep_all(actor, review_id))


@post(
    "/roles/{reviewed_id:uuid}/decide",
    guards=[may("access-reviews:decide")],
    operation_id="decideReviewedRole",
    status_code=200,
)
async def decide(actor: Acting, reviewed_id: FromPath[UUID], data: JSONBody[RoleDecision]) -> Response[ReviewedOut]:
    """Keep a role or take it back; what is taken back is gone at once."""
    await commands.decide(actor, reviewed_id, data)
    async with viewing(actor) as view:
        return tagged(await queries.reviewed(view, reviewed_id))


@get("/{review_id:uuid}/report", guards=[may("access-reviews:read")], operation_id="getAccessReviewReport")
async def report(actor: Acting, review_id: FromPath[UUID]) -> Response[bytes]:
    """The signed report of a closed campaign; `portal audit verify --file` checks it without a database."""
    async with viewing(actor) as view:
        return whole(*await queries.report_file(view, review_id), "application/json")


@get("/{review_id:uuid}/report.pdf", guards=[may("access-reviews:read")], operation_id="getAccessReviewPdf")
async def paper(actor: Acting, review_id: FromPath[UUID]) -> Response[bytes]:
    """The same on paper, with hash and signature."""
    async with viewing(actor) as view:
        return whole(*await queries.report_pdf(view, review_id), "application/pdf")


@put("/settings", guards=[may("access-reviews:configure")], operation_id="proposeAccessReviewDays")
async def propose_days(actor: Acting, data: JSONBody[ReviewDaysForm]) -> Response[SettingVersionOut]:
    """How many days reviewers have each quarter; it holds once a second person approved it."""
    made = await commands.propose_days(actor, data)
    async with viewing(actor) as view:
        return tagged(await version(view, made.id))


@get("/", guards=[may("access-reviews:configure")], operation_id="listRoleOwners")
async def list_owners(actor: Acting) -> list[OwnerOut]:
    """Each role and who answers for it; the administrators, where nobody is named."""
    async with viewing(actor) as view:
        return await queries.owners(view)


@put("/{role:str}", guards=[may("access-reviews:configure")], operation_id="setRoleOwners")
async def set_owners(actor: Acting, role: FromPath[str], data: JSONBody[OwnersForm]) -> OwnerOut:
    """Name who answers for a role: members, and no auditors."""
    await commands.set_owners(actor, role, data)
    async with viewing(actor) as view:
        return next(each for each in await queries.owners(view) if each.role == role)


HANDLERS: list[Any] = [list_reviews, show, open_review, close, keep_all, decide, report, paper, propose_days]
OWNERS: list[Any] = [list_owners, set_owners]
