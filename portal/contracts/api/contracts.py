"""Contracts for programs: the buyer writes them, both sides read them and act on them."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from portal.access.guards import Acting, may
from portal.access.verbs import api_verbs
from portal.contracts import commands, queries
from portal.contracts.forms import (
    ClausesForm,
    CommentForm,
    CommentsOut,
    ContractForm,
    ContractOut,
    ContractRow,
    PerformanceForm,
    PresentForm,
    RoundsOut,
    SignedForm,
)
from portal.contracts.verbs import VERBS
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.web.answers import tagged


async def _tagged(actor: Actor, contract_id: UUID, status: int = 200) -> Response[ContractOut]:
    async with viewing(actor) as view:
        return tagged(await queries.contract_out(view, contract_id), status)


@get("/", guards=[may("contracts:read")], operation_id="listContracts")
async def list_contracts(
    actor: Acting,
    states: Annotated[str | None, QueryParameter(name="state")] = None,
    kind: FromQuery[str | None] = None,
    supplier_id: FromQuery[UUID | None] = None,
    buyer_id: FromQuery[UUID | None] = None,
    amends_id: FromQuery[UUID | None] = None,
    words: Annotated[str | None, QueryParameter(name="query")] = None,
    sort: FromQuery[str] = "-created",
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[ContractRow]:
    """Contracts, newest first; a supplier sees those that were offered. Codes may be several, with commas. Amendments
    that took effect are listed by `amends_id` alone."""
    chosen = queries.ContractFilter(state=states, kind=kind, query=words, supplier_id=supplier_id, buyer_id=buyer_id)
    chosen.amends_id = amends_id
    async with viewing(actor) as view:
        return await queries.contracts(view, chosen, sort=sort, cursor=cursor, limit=clamp(limit))


@post("/", guards=[may("contracts:create")], operation_id="createContract")
async def create(actor: Acting, data: JSONBody[ContractForm]) -> Response[ContractOut]:
    """A draft, which only the buyer sees until it is offered."""
    contract = await commands.create(actor, data)
    return await _tagged(actor, contract.id, 201)


@get("/{contract_id:uuid}", guards=[may("contracts:read")], operation_id="getContract")
async def show(actor: Acting, contract_id: FromPath[UUID]) -> Response[ContractOut]:
    """One contract with its terms."""
    return await _tagged(actor, contract_id)


@put("/{contract_id:uuid}", guards=[may("contracts:edit")], operation_id="replaceContract")
async def replace(actor: Acting, contract_id: FromPath[UUID], data: JSONBody[ContractForm]) -> Response[ContractOut]:
    """All that a contract says, anew; the supplier agrees to it anew."""
    await commands.edit(actor, contract_id, data)
    return await _tagged(actor, contract_id)


@post("/{contract_id:uuid}/record", guards=[may("contracts:record")], operation_id="recordContract", status_code=200)
async def record(actor: Acting, contract_id: FromPath[UUID], data: JSONBody[SignedForm]) -> Response[ContractOut]:
    """That both sides signed on paper, by its scan; the supplier confirms it."""
    await commands.record(actor, contract_id, data)
    return await _tagged(actor, contract_id)


@post("/{contract_id:uuid}/signatures", guards=[may("contracts:edit")], operation_id="presentContract", status_code=200)
async def present(actor: Acting, contract_id: FromPath[UUID], data: JSONBody[PresentForm]) -> Response[ContractOut]:
    """Have an approved contract signed in the portal: its own document is opened under `/signings`, where `signing_id`
    leads. It is in force with the last signature."""
    await commands.present(actor, contract_id, data)
    return await _tagged(actor, contract_id)


@get("/{contract_id:uuid}/rounds", guards=[may("contracts:read")], operation_id="listContractRounds")
async def list_rounds(actor: Acting, contract_id: FromPath[UUID]) -> RoundsOut:
    """The newest 40 rounds of the negotiation, and what changed in each of them."""
    async with viewing(actor) as view:
        return RoundsOut(await queries.rounds_of(view, contract_id))


@put("/{contract_id:uuid}/clauses", guards=[may("contracts:edit")], operation_id="setContractClauses")
async def set_clauses(actor: Acting, contract_id: FromPath[UUID], data: JSONBody[ClausesForm]) -> Response[ContractOut]:
    """All clauses anew, in their order; the supplier agrees to them anew."""
    await commands.set_clauses(actor, contract_id, data)
    return await _tagged(actor, contract_id)


@put("/{contract_id:uuid}/performance", guards=[may("contracts:edit")], operation_id="setContractPerformance")
async def set_performance(
    actor: Acting, contract_id: FromPath[UUID], data: JSONBody[PerformanceForm]
) -> Response[ContractOut]:
    """Service levels, deliverables and planned deliveries anew; the supplier agrees to them anew."""
    await commands.set_performance(actor, contract_id, data)
    return await _tagged(actor, contract_id)


@post("/{contract_id:uuid}/amendments", guards=[may("contracts:create")], operation_id="amendContract")
async def amend(actor: Acting, contract_id: FromPath[UUID]) -> Response[ContractOut]:
    """Begin an amendment of a contract in force: a draft that says what holds. Under its own id it is changed,
    negotiated and signed as a contract is, and holds from its `valid_from` on."""
    draft = await commands.amend(actor, contract_id)
    return await _tagged(actor, draft.id, 201)


@get("/{contract_id:uuid}/comments", guards=[may("contracts:read")], operation_id="listContractComments")
async def list_comments(actor: Acting, contract_id: FromPath[UUID]) -> CommentsOut:
    """The newest 200 comments of both sides."""
    async with viewing(actor) as view:
        return CommentsOut(await queries.comments_on(view, contract_id))


@post("/{contract_id:uuid}/comments", guards=[may("contracts:comment")], operation_id="commentOnContract")
async def comment(actor: Acting, contract_id: FromPath[UUID], data: JSONBody[CommentForm]) -> CommentsOut:
    """Say something to the other side; it is kept for good."""
    await commands.comment_on(actor, contract_id, data)
    async with viewing(actor) as view:
        return CommentsOut(await queries.comments_on(view, contract_id))


_HANDLERS: list[Any] = [
    list_contracts,
    create,
    show,
    replace,
    record,
    present,
    list_rounds,
    set_clauses,
    set_performance,
    amend,
    list_comments,
    comment,
    *api_verbs("contract_id", VERBS, _tagged),
]
router = Router("/contracts", route_handlers=_HANDLERS, tags=["Contracts"])
