"""Despatch advices for programs: both sides read them, the supplier makes them."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from portal.access.guards import Acting, may
from portal.access.verbs import api_verbs
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.shipments import commands, queries
from portal.shipments.forms import AdviceOut, AdviceRow, DespatchForm, NewDespatchForm
from portal.shipments.verbs import VERBS
from portal.web.answers import tagged


async def _tagged(actor: Actor, advice_id: UUID, status: int = 200) -> Response[AdviceOut]:
    async with viewing(actor) as view:
        return tagged(await queries.advice_out(view, advice_id), status)


@get("/", guards=[may("despatch-advices:read")], operation_id="listDespatchAdvices")
async def list_advices(
    actor: Acting,
    states: Annotated[str | None, QueryParameter(name="state")] = None,
    receipt_status: FromQuery[str | None] = None,
    supplier_id: FromQuery[UUID | None] = None,
    buyer_id: FromQuery[UUID | None] = None,
    order_id: FromQuery[UUID | None] = None,
    number: FromQuery[str | None] = None,
    expected_before: FromQuery[date | None] = None,
    sort: FromQuery[str] = "-created",
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[AdviceRow]:
    """Despatch advices, newest first; a buyer sees those that were despatched. Codes may be several, with commas."""
    chosen = queries.AdviceFilter(
        state=states,
        receipt_status=receipt_status,
        supplier_id=supplier_id,
        buyer_id=buyer_id,
        order_id=order_id,
        number=number,
        expected_before=expected_before,
    )
    async with viewing(actor, report=True) as view:
        return await queries.advices(view, chosen, sort=sort, cursor=cursor, limit=clamp(limit))


@post("/", guards=[may("despatch-advices:create")], operation_id="createDespatchAdvice")
async def create(actor: Acting, data: JSONBody[NewDespatchForm]) -> Response[AdviceOut]:
    """A draft, which only the supplier sees until it is despatched; with `leaves` it is despatched at once."""
    advice = await commands.create(actor, data, leaves=data.leaves)
    return await _tagged(actor, advice.id, 201)


@get("/{advice_id:uuid}", guards=[may("despatch-advices:read")], operation_id="getDespatchAdvice")
async def show(actor: Acting, advice_id: FromPath[UUID]) -> Response[AdviceOut]:
    """One despatch advice with its lines, its packages, and how much of each line has come."""
    return await _tagged(actor, advice_id)


@put("/{advice_id:uuid}", guards=[may("despatch-advices:edit")], operation_id="replaceDespatchAdvice")
async def replace(actor: Acting, advice_id: FromPath[UUID], data: JSONBody[DespatchForm]) -> Response[AdviceOut]:
    """All that a draft says, anew."""
    await commands.edit(actor, advice_id, data)
    return await _tagged(actor, advice_id)


HANDLERS: list[Any] = [list_advices, create, show, replace, *api_verbs("advice_id", VERBS, _tagged)]
