"""Excuses: the supplier asks, the buyer decides, or grants one unasked."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from portal.access.guards import Acting, may
from portal.access.verbs import api_verbs
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.scorecards import commands, queries
from portal.scorecards.forms import ExcuseForm, ExcuseOut
from portal.scorecards.verbs import VERBS
from portal.web.answers import tagged


async def _tagged(actor: Actor, excuse_id: UUID, status: int = 200) -> Response[ExcuseOut]:
    async with viewing(actor) as view:
        return tagged(await queries.excuse_out(view, excuse_id), status)


@get("/", guards=[may("scorecards:read")], operation_id="listExcuses")
async def list_excuses(
    actor: Acting,
    only: Annotated[str | None, QueryParameter(name="state")] = None,
    supplier_id: FromQuery[UUID | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[ExcuseOut]:
    """The excuses of the reader's side, newest first."""
    async with viewing(actor) as view:
        found = await queries.excuses(view, only, supplier_id, cursor=cursor, limit=clamp(limit))
    return Page(found.rows, found.older)


@get("/{excuse_id:uuid}", guards=[may("scorecards:read")], operation_id="getExcuse")
async def show(actor: Acting, excuse_id: FromPath[UUID]) -> Response[ExcuseOut]:
    """An excuse: what it is about, why, and what became of it."""
    return await _tagged(actor, excuse_id)


@post("/", guards=[may("excuses:ask")], operation_id="excuseFact")
async def excuse(actor: Acting, data: JSONBody[ExcuseForm]) -> Response[ExcuseOut]:
    """Excuse a fact of a scorecard, as its buyer; ask for that, as its supplier.

    `fact_id` and `criterion` are those of `listScorecardFacts`; the raw figure goes on counting the fact.
    """
    made = await commands.excuse(actor, data)
    return await _tagged(actor, made.id, 201)


HANDLERS: list[Any] = [list_excuses, show, excuse, *api_verbs("excuse_id", VERBS, _tagged)]
