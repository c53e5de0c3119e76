"""Clauses for programs: the own library, and writing in it."""

from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post, put
from litestar.params import FromPath, JSONBody

from portal.access.guards import Acting, may
from portal.access.verbs import api_verbs
from portal.clauses import commands, queries
from portal.clauses.forms import ClauseForm, ClauseOut, ClauseRow
from portal.clauses.verbs import VERBS
from portal.platform.actor import Actor
from portal.platform.work import viewing
from portal.web.answers import tagged

READ, WRITE = [may("clauses:read")], [may("clauses:write")]


async def _tagged(actor: Actor, clause_id: UUID, status: int = 200) -> Response[ClauseOut]:
    async with viewing(actor) as view:
        return tagged(await queries.clause(view, clause_id), status)


@get("/", guards=READ, operation_id="listClauses")
async def listed(actor: Acting) -> list[ClauseRow]:
    """Every clause of your library in its newest edition, by title; those that are retired come last."""
    async with viewing(actor) as view:
        return await queries.library(view)


@post("/", guards=WRITE, operation_id="writeClause")
async def write(actor: Acting, data: JSONBody[ClauseForm]) -> Response[ClauseOut]:
    """Add a clause. Names of facts in braces are filled in where a contract takes it."""
    made = await commands.write(actor, data)
    return await _tagged(actor, made.clause_id, 201)


@get("/{clause_id:uuid}", guards=READ, operation_id="getClause")
async def show(actor: Acting, clause_id: FromPath[UUID]) -> Response[ClauseOut]:
    """One clause with its editions."""
    return await _tagged(actor, clause_id)


@put("/{clause_id:uuid}", guards=WRITE, operation_id="rewriteClause")
async def rewrite(actor: Acting, clause_id: FromPath[UUID], data: JSONBody[ClauseForm]) -> Response[ClauseOut]:
    """The next edition; contracts that took the clause stay as they are."""
    await commands.rewrite(actor, clause_id, data)
    return await _tagged(actor, clause_id)


_HANDLERS: list[Any] = [listed, write, show, rewrite, *api_verbs("clause_id", VERBS, _tagged)]
router = Router("/clauses", route_handlers=_HANDLERS, tags=["Contracts"])
