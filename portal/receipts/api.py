"""Goods receipts for programs: the buyer books them, both sides read them."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from portal.access.guards import Acting, may
from portal.access.verbs import api_verbs
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.receipts import commands, queries
from portal.receipts.forms import InspectionForm, ReceiptForm, ReceiptOut, ReceiptRow
from portal.receipts.verbs import VERBS
from portal.web.answers import tagged
from portal.web.downloads import XML, whole
from portal.web.input import Reason


async def _tagged(actor: Actor, receipt_id: UUID, status: int = 200) -> Response[ReceiptOut]:
    async with viewing(actor) as view:
        return tagged(await queries.receipt_out(view, receipt_id), status)


@get("/", guards=[may("goods-receipts:read")], operation_id="listGoodsReceipts")
async def list_receipts(
    actor: Acting,
    states: Annotated[str | None, QueryParameter(name="state")] = None,
    supplier_id: FromQuery[UUID | None] = None,
    buyer_id: FromQuery[UUID | None] = None,
    order_id: FromQuery[UUID | None] = None,
    despatch_advice_id: FromQuery[UUID | None] = None,
    number: FromQuery[str | None] = None,
    delivered_from: FromQuery[date | None] = None,
    delivered_to: FromQuery[date | None] = None,
    sort: FromQuery[str] = "-booked",
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[ReceiptRow]:
    """Goods receipts, newest first; days of delivery are whole days in the reader's time zone."""
    chosen = queries.ReceiptFilter(
        state=states,
        supplier_id=supplier_id,
        buyer_id=buyer_id,
        order_id=order_id,
        despatch_advice_id=despatch_advice_id,
        number=number,
        delivered_from=delivered_from,
        delivered_to=delivered_to,
    )
    async with viewing(actor, report=True) as view:
        return await queries.receipts(view, chosen, sort=sort, cursor=cursor, limit=clamp(limit))


@post("/", guards=[may("goods-receipts:create")], operation_id="createGoodsReceipt")
async def create(actor: Acting, data: JSONBody[ReceiptForm]) -> Response[ReceiptOut]:
    """Book what came, accepted and rejected, against a despatch advice or against orders."""
    receipt = await commands.create(actor, data)
    return await _tagged(actor, receipt.id, 201)


@get("/{receipt_id:uuid}", guards=[may("goods-receipts:read")], operation_id="getGoodsReceipt")
async def show(actor: Acting, receipt_id: FromPath[UUID]) -> Response[ReceiptOut]:
    """One goods receipt: what was accepted and rejected of each line."""
    return await _tagged(actor, receipt_id)


@get(
    "/{receipt_id:uuid}/document.xml",
    guards=[may("goods-receipts:read")],
    operation_id="getGoodsReceiptXml",
    summary="The goods receipt as UBL",
)
async def document(actor: Acting, receipt_id: FromPath[UUID]) -> Response[Any]:
    """What came of a despatch advice as a UBL 2.1 ReceiptAdvice (Peppol Logistics); there are no prices in it."""
    async with viewing(actor) as view:
        return whole(*await queries.receipt_document(view, receipt_id), XML)


@post(
    "/{receipt_id:uuid}/inspections",
    guards=[may("goods-receipts:inspect")],
    operation_id="inspectGoods",
)
async def inspect(actor: Acting, receipt_id: FromPath[UUID], data: JSONBody[InspectionForm]) -> Response[ReceiptOut]:
    """Accept or reject what waits in inspection; lines and parts that are not named go on waiting."""
    await commands.inspect(actor, receipt_id, data)
    return await _tagged(actor, receipt_id, 201)


@post(
    "/{receipt_id:uuid}/inspections/{inspection_id:uuid}/reverse",
    guards=[may("goods-receipts:inspect")],
    operation_id="reverseInspection",
    status_code=200,
)
async def reverse_inspection(
    actor: Acting, receipt_id: FromPath[UUID], inspection_id: FromPath[UUID], data: JSONBody[Reason | None] = None
) -> Response[ReceiptOut]:
    """Take an inspection back: its goods wait again."""
    await commands.reverse_inspection(actor, receipt_id, inspection_id, (data.reason if data else None) or "")
    return await _tagged(actor, receipt_id)


_HANDLERS: list[Any] = [
    *(list_receipts, create, show, document, inspect, reverse_inspection),
    *api_verbs("receipt_id", VERBS, _tagged),
]
router = Router("/goods-receipts", route_handlers=_HANDLERS, tags=["Goods receipts"])
