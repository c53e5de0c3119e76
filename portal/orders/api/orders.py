"""Purchase orders for programs: each verb answers with the order as it is then."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from portal.access.guards import Acting, may
from portal.access.verbs import api_verbs
from portal.orders import commands, queries
from portal.orders.forms import (
    ChangeForm,
    ChangeOut,
    ChangesOut,
    OrderEdit,
    OrderForm,
    OrderOut,
    OrderRow,
    PriceExplained,
    RespondedOut,
    ResponseForm,
    RevisionsOut,
)
from portal.orders.verbs import VERBS
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.web.answers import tagged
from portal.web.input import Reason


async def _order(actor: Actor, order_id: UUID) -> OrderOut:
    async with viewing(actor) as view:
        return await queries.order_out(view, order_id)


async def _tagged(actor: Actor, order_id: UUID, status: int = 200) -> Response[OrderOut]:
    return tagged(await _order(actor, order_id), status)


@get("/", guards=[may("orders:read")], operation_id="listPurchaseOrders")
async def list_orders(
    actor: Acting,
    states: Annotated[str | None, QueryParameter(name="state")] = None,
    supplier_id: FromQuery[UUID | None] = None,
    buyer_id: FromQuery[UUID | None] = None,
    kind: FromQuery[str | None] = None,
    words: Annotated[str | None, QueryParameter(name="query")] = None,
    created_from: FromQuery[date | None] = None,
    created_to: FromQuery[date | None] = None,
    requested_before: FromQuery[date | None] = None,
    contract_id: FromQuery[UUID | None] = None,
    sort: FromQuery[str] = "-created",
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[OrderRow]:
    """Orders, newest first; `state` takes several codes with commas between them. `contract_id` lists call-offs."""
    chosen = queries.OrderFilter(
        state=states,
        supplier_id=supplier_id,
        buyer_id=buyer_id,
        kind=kind,
        query=words,
        created_from=created_from,
        created_to=created_to,
        requested_before=requested_before,
        contract_id=contract_id,
    )
    async with viewing(actor, report=True) as view:
        return await queries.orders(view, chosen, sort=sort, cursor=cursor, limit=clamp(limit))


@post("/", guards=[may("orders:create")], operation_id="createPurchaseOrder")
async def create(actor: Acting, data: JSONBody[OrderForm]) -> Response[OrderOut]:
    """A draft, which only your company sees; submit it when it is complete."""
    order = await commands.create(actor, data)
    return await _tagged(actor, order.id, 201)


@get("/{order_id:uuid}", guards=[may("orders:read")], operation_id="getPurchaseOrder")
async def show(actor: Acting, order_id: FromPath[UUID]) -> Response[OrderOut]:
    """One order with its lines, their quantities so far, and the supplier's answers."""
    return await _tagged(actor, order_id)


@patch("/{order_id:uuid}", guards=[may("orders:edit")], operation_id="editPurchaseOrder")
async def edit(actor: Acting, order_id: FromPath[UUID], data: JSONBody[OrderEdit]) -> Response[OrderOut]:
    """Change a draft; what is absent stays, `lines` replaces all lines."""
    await commands.edit(actor, order_id, data)
    return await _tagged(actor, order_id)


@post("/{order_id:uuid}/responses", guards=[may("orders:respond")], operation_id="respondToPurchaseOrder")
async def respond(actor: Acting, order_id: FromPath[UUID], data: JSONBody[ResponseForm]) -> RespondedOut:
    """The supplier's answer: AB received, AP accepted as ordered, CA accepted with changes, RE rejected."""
    answer = await commands.respond(actor, order_id, data)
    return RespondedOut(answer.response.id, answer.response.code, await _order(actor, order_id))


@post(
    "/{order_id:uuid}/responses/{response_id:uuid}/accept",
    guards=[may("orders:decide")],
    operation_id="acceptResponse",
    status_code=200,
)
async def accept_response(actor: Acting, order_id: FromPath[UUID], response_id: FromPath[UUID]) -> Response[OrderOut]:
    """Agree to the supplier's changes: they become part of the order."""
    await commands.accept_counter_offer(actor, order_id, response_id)
    return await _tagged(actor, order_id)


@post(
    "/{order_id:uuid}/responses/{response_id:uuid}/decline",
    guards=[may("orders:decide")],
    operation_id="declineResponse",
    status_code=200,
)
async def decline_response(
    actor: Acting, order_id: FromPath[UUID], response_id: FromPath[UUID], data: JSONBody[Reason | None] = None
) -> Response[OrderOut]:
    """Decline the supplier's changes, saying why; the supplier answers again."""
    await commands.decline_counter_offer(actor, order_id, response_id, (data.reason if data else None) or "")
    return await _tagged(actor, order_id)


@post(
    "/{order_id:uuid}/lines/{line_id:uuid}/close",
    guards=[may("orders:close")],
    operation_id="closePurchaseOrderLine",
    status_code=200,
)
async def close_line(
    actor: Acting, order_id: FromPath[UUID], line_id: FromPath[UUID], data: JSONBody[Reason]
) -> Response[OrderOut]:
    """Close a line short, saying why: what is still open of it will not come; the ordered quantity stays."""
    await commands.close_line(actor, order_id, line_id, data.reason or "")
    return await _tagged(actor, order_id)


@post(
    "/{order_id:uuid}/lines/{line_id:uuid}/reopen",
    guards=[may("orders:close")],
    operation_id="reopenPurchaseOrderLine",
    status_code=200,
)
async def reopen_line(actor: Acting, order_id: FromPath[UUID], line_id: FromPath[UUID]) -> Response[OrderOut]:
    """Take a short close back: what was open of the line is wanted again."""
    await commands.reopen_line(actor, order_id, line_id)
    return await _tagged(actor, order_id)


@get(
    "/{order_id:uuid}/lines/{line_id:uuid}/explain-price",
    guards=[may("prices:read")],
    operation_id="explainPurchaseOrderPrice",
)
async def explain_price(actor: Acting, order_id: FromPath[UUID], line_id: FromPath[UUID]) -> PriceExplained:
    """Why a line costs what it costs: every contract's and list's price for it, and why it won or did not."""
    async with viewing(actor) as view:
        return await queries.explain_price(view, order_id, line_id)


@get("/{order_id:uuid}/changes", guards=[may("orders:read")], operation_id="listOrderChanges")
async def list_changes(actor: Acting, order_id: FromPath[UUID]) -> ChangesOut:
    """Proposed changes of an order, the newest first, each with what differs and what it does to the total."""
    async with viewing(actor) as view:
        return ChangesOut(await queries.changes_of(view, order_id))


@post("/{order_id:uuid}/changes", guards=[may("orders:change")], operation_id="proposeOrderChange")
async def propose_change(actor: Acting, order_id: FromPath[UUID], data: JSONBody[ChangeForm]) -> Response[ChangeOut]:
    """Propose a change of an issued order; `state` says whether anybody else is still to decide on it."""
    done = await commands.propose(actor, order_id, data)
    return await _change(actor, order_id, done.asked.id, 201)


@get("/{order_id:uuid}/changes/{change_id:uuid}", guards=[may("orders:read")], operation_id="getOrderChange")
async def show_change(actor: Acting, order_id: FromPath[UUID], change_id: FromPath[UUID]) -> Response[ChangeOut]:
    """One proposed change."""
    return await _change(actor, order_id, change_id)


def _decision(name: str, permission: str, operation: str, run: Callable[[Actor, UUID, UUID], Awaitable[Any]]) -> Any:
    """A verb on one change, which answers with the order as it is then."""

    async def decided(actor: Acting, order_id: FromPath[UUID], change_id: FromPath[UUID]) -> Response[OrderOut]:
        await run(actor, order_id, change_id)
        return await _tagged(actor, order_id)

    decided.__doc__ = run.__doc__
    path = f"/{{order_id:uuid}}/changes/{{change_id:uuid}}/{name}"
    return post(path, guards=[may(permission)], operation_id=operation, status_code=200)(decided)


@post(
    "/{order_id:uuid}/changes/{change_id:uuid}/decline",
    guards=[may("orders:agree")],
    operation_id="declineOrderChange",
    status_code=200,
)
async def decline_change(
    actor: Acting, order_id: FromPath[UUID], change_id: FromPath[UUID], data: JSONBody[Reason | None] = None
) -> Response[OrderOut]:
    """Decline a proposed change, saying why: the order stays as it is."""
    await commands.decline_change(actor, order_id, change_id, (data.reason if data else None) or "")
    return await _tagged(actor, order_id)


@get("/{order_id:uuid}/revisions", guards=[may("orders:read")], operation_id="listOrderRevisions")
async def list_revisions(actor: Acting, order_id: FromPath[UUID]) -> RevisionsOut:
    """Every issued revision, the oldest first, with what differs from the one before."""
    async with viewing(actor) as view:
        return RevisionsOut(await queries.revisions_of(view, order_id))


async def _change(actor: Actor, order_id: UUID, change_id: UUID, status: int = 200) -> Response[ChangeOut]:
    async with viewing(actor) as view:
        return tagged(await queries.change_of(view, order_id, change_id), status)


_CHANGES = [
    *(list_changes, propose_change, show_change, decline_change, list_revisions),
    _decision("approve", "orders:approve", "approveOrderChange", commands.approve_change),
    _decision("accept", "orders:agree", "acceptOrderChange", commands.accept_change),
    _decision("withdraw", "orders:change", "withdrawOrderChange", commands.withdraw_change),
]
HANDLERS: list[Any] = [
    *(list_orders, create, show, edit, respond, accept_response, decline_response),
    *_CHANGES,
    *(close_line, reopen_line, explain_price),
    *api_verbs("order_id", VERBS, _tagged),
]
