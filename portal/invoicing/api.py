"""Invoices for programs: each verb answers with the invoice as it is then."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, delete, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from portal.access.guards import Acting, may
from portal.invoicing import commands, queries
from portal.invoicing.forms import (
    Approval,
    InvoiceEdit,
    InvoiceForm,
    InvoiceOut,
    InvoiceRow,
    MatchingOut,
    Settlement,
)
from portal.orders.forms import Reason
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.web.answers import tagged


async def _tagged(actor: Actor, invoice_id: UUID, status: int = 200) -> Response[InvoiceOut]:
    async with viewing(actor) as view:
        return tagged(await queries.invoice_out(view, invoice_id), status)


@get("/", guards=[may("invoices:read")], operation_id="listInvoices")
async def list_invoices(
    actor: Acting,
    states: Annotated[str | None, QueryParameter(name="state")] = None,
    match_state: FromQuery[str | None] = None,
    supplier_id: FromQuery[UUID | None] = None,
    buyer_id: FromQuery[UUID | None] = None,
    order_id: FromQuery[UUID | None] = None,
    words: Annotated[str | None, QueryParameter(name="query")] = None,
    due_before: FromQuery[date | None] = None,
    sort: FromQuery[str] = "-created",
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[InvoiceRow]:
    """Invoices, newest first; `state` takes several codes with commas between them."""
    chosen = queries.InvoiceFilter(
        state=states,
        match_state=match_state,
        supplier_id=supplier_id,
        buyer_id=buyer_id,
        order_id=order_id,
        query=words,
        due_before=due_before,
    )
    async with viewing(actor) as view:
        return await queries.invoices(view, chosen, sort=sort, cursor=cursor, limit=clamp(limit))


@post("/", guards=[may("invoices:create")], operation_id="createInvoice")
async def create(actor: Acting, data: JSONBody[InvoiceForm]) -> Response[InvoiceOut]:
    invoice = await commands.create(actor, data)
    return await _tagged(actor, invoice.id, 201)


@get("/{invoice_id:uuid}", guards=[may("invoices:read")], operation_id="getInvoice")
async def show(actor: Acting, invoice_id: FromPath[UUID]) -> Response[InvoiceOut]:
    return await _tagged(actor, invoice_id)


@patch("/{invoice_id:uuid}", guards=[may("invoices:create")], operation_id="editInvoice")
async def edit(actor: Acting, invoice_id: FromPath[UUID], data: JSONBody[InvoiceEdit]) -> Response[InvoiceOut]:
    await commands.edit(actor, invoice_id, data)
    return await _tagged(actor, invoice_id)


@delete("/{invoice_id:uuid}", guards=[may("invoices:create")], operation_id="discardInvoice")
async def discard(actor: Acting, invoice_id: FromPath[UUID]) -> None:
    """Throw a draft away; its number is free again."""
    await commands.discard(actor, invoice_id)


@get("/{invoice_id:uuid}/matching", guards=[may("invoices:read")], operation_id="getInvoiceMatching")
async def matching(actor: Acting, invoice_id: FromPath[UUID]) -> MatchingOut:
    """Each line beside order, receipt and earlier invoices, and all differences at once."""
    async with viewing(actor) as view:
        return await queries.matching(view, await queries.invoice_row(view, invoice_id))


@post("/{invoice_id:uuid}/submit", guards=[may("invoices:submit")], operation_id="submitInvoice", status_code=200)
async def submit(actor: Acting, invoice_id: FromPath[UUID]) -> Response[InvoiceOut]:
    await commands.submit(actor, invoice_id)
    return await _tagged(actor, invoice_id)


@post("/{invoice_id:uuid}/match", guards=[may("invoices:match")], operation_id="matchInvoice", status_code=200)
async def match(actor: Acting, invoice_id: FromPath[UUID]) -> Response[InvoiceOut]:
    """Match again, against what was ordered and received by now."""
    await commands.rematch(actor, invoice_id)
    return await _tagged(actor, invoice_id)


@post("/{invoice_id:uuid}/approve", guards=[may("invoices:approve")], operation_id="approveInvoice", status_code=200)
async def approve(
    actor: Acting, invoice_id: FromPath[UUID], data: JSONBody[Approval | None] = None
) -> Response[InvoiceOut]:
    await commands.approve(actor, invoice_id, _why(data))
    return await _tagged(actor, invoice_id)


@post("/{invoice_id:uuid}/dispute", guards=[may("invoices:dispute")], operation_id="disputeInvoice", status_code=200)
async def dispute(
    actor: Acting, invoice_id: FromPath[UUID], data: JSONBody[Reason | None] = None
) -> Response[InvoiceOut]:
    await commands.dispute(actor, invoice_id, _why(data))
    return await _tagged(actor, invoice_id)


@post("/{invoice_id:uuid}/reject", guards=[may("invoices:reject")], operation_id="rejectInvoice", status_code=200)
async def reject(
    actor: Acting, invoice_id: FromPath[UUID], data: JSONBody[Reason | None] = None
) -> Response[InvoiceOut]:
    await commands.reject(actor, invoice_id, _why(data))
    return await _tagged(actor, invoice_id)


@post("/{invoice_id:uuid}/settle", guards=[may("invoices:settle")], operation_id="settleInvoice", status_code=200)
async def settle(actor: Acting, invoice_id: FromPath[UUID], data: JSONBody[Settlement]) -> Response[InvoiceOut]:
    await commands.settle(actor, invoice_id, data)
    return await _tagged(actor, invoice_id)


def _why(data: Approval | Reason | None) -> str:
    return (data.reason if data else None) or ""


_HANDLERS: list[Any] = [
    *(list_invoices, create, show, edit, discard, matching),
    *(submit, match, approve, dispute, reject, settle),
]
router = Router("/invoices", route_handlers=_HANDLERS, tags=["Invoices"])
