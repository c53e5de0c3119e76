"""Invoices for programs: each verb answers with the invoice as it is then."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, delete, get, patch, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from portal.access.guards import Acting, may
from portal.access.verbs import api_verbs
from portal.invoicing import commands, queries
from portal.invoicing.forms import (
    Acceptance,
    ExceptionAnswer,
    InvoiceEdit,
    InvoiceForm,
    InvoiceOut,
    InvoiceRow,
    MatchingOut,
    MatchSettingsForm,
    MatchSettingsOut,
    PaymentReversal,
    Settlement,
)
from portal.invoicing.verbs import VERBS
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
    """A draft made of an order or a despatch advice, which only the supplier sees until it is submitted."""
    invoice = await commands.create(actor, data)
    return await _tagged(actor, invoice.id, 201)


@get("/{invoice_id:uuid}", guards=[may("invoices:read")], operation_id="getInvoice")
async def show(actor: Acting, invoice_id: FromPath[UUID]) -> Response[InvoiceOut]:
    """One invoice with its lines, its taxes and when it will be paid."""
    return await _tagged(actor, invoice_id)


@patch("/{invoice_id:uuid}", guards=[may("invoices:create")], operation_id="editInvoice")
async def edit(actor: Acting, invoice_id: FromPath[UUID], data: JSONBody[InvoiceEdit]) -> Response[InvoiceOut]:
    """Change a draft; what is absent stays, `lines` and `charges` replace all of them."""
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


@post(
    "/{invoice_id:uuid}/exceptions/{exception_id:uuid}/accept",
    guards=[may("invoices:resolve")],
    operation_id="acceptInvoiceException",
    status_code=200,
)
async def accept(
    actor: Acting, invoice_id: FromPath[UUID], exception_id: FromPath[UUID], data: JSONBody[Acceptance]
) -> MatchingOut:
    """Accept one difference as somebody who owns it, saying why; answers with the match as it is then."""
    await commands.accept_exception(actor, invoice_id, exception_id, data)
    async with viewing(actor) as view:
        return await queries.matching(view, await queries.invoice_row(view, invoice_id))


@post(
    "/{invoice_id:uuid}/exceptions/{exception_id:uuid}/answer",
    guards=[may("invoices:resolve")],
    operation_id="answerInvoiceException",
    status_code=200,
)
async def answer(
    actor: Acting, invoice_id: FromPath[UUID], exception_id: FromPath[UUID], data: JSONBody[ExceptionAnswer]
) -> MatchingOut:
    """Ask for a corrected invoice or a credit note, wait for the receipt or reject the line, saying why."""
    await commands.answer_exception(actor, invoice_id, exception_id, data)
    async with viewing(actor) as view:
        return await queries.matching(view, await queries.invoice_row(view, invoice_id))


@post("/{invoice_id:uuid}/settle", guards=[may("invoices:settle")], operation_id="settleInvoice", status_code=200)
async def settle(actor: Acting, invoice_id: FromPath[UUID], data: JSONBody[Settlement]) -> Response[InvoiceOut]:
    """Record a payment of an approved invoice: all that is left, a part, or what is told for its cash discount."""
    await commands.settle(actor, invoice_id, data)
    return await _tagged(actor, invoice_id)


@post(
    "/{invoice_id:uuid}/payments/{payment_id:uuid}/reverse",
    guards=[may("invoices:settle")],
    operation_id="reversePayment",
    status_code=200,
)
async def reverse(
    actor: Acting, invoice_id: FromPath[UUID], payment_id: FromPath[UUID], data: JSONBody[PaymentReversal]
) -> Response[InvoiceOut]:
    """Undo a payment that was recorded by mistake: by an opposite entry, and the invoice is to be paid as before."""
    await commands.reverse_payment(actor, invoice_id, payment_id, data)
    return await _tagged(actor, invoice_id)


@get("/settings", guards=[may("invoices:read")], operation_id="getInvoiceSettings")
async def show_settings(actor: Acting) -> Response[MatchSettingsOut]:
    """By what invoices are matched where an order line says nothing."""
    async with viewing(actor) as view:
        return tagged(await queries.match_settings(view))


@put("/settings", guards=[may("invoices:configure")], operation_id="setInvoiceSettings")
async def set_settings(actor: Acting, data: JSONBody[MatchSettingsForm]) -> Response[MatchSettingsOut]:
    """Orders that are issued from now on follow it; those that were issued keep what they had."""
    await commands.set_match_basis(actor, data)
    async with viewing(actor) as view:
        return tagged(await queries.match_settings(view))


_HANDLERS: list[Any] = [
    *(list_invoices, create, show, edit, discard, matching, accept, answer, settle, reverse),
    *(show_settings, set_settings),
    *api_verbs("invoice_id", VERBS, _tagged),
]
router = Router("/invoices", route_handlers=_HANDLERS, tags=["Invoices"])
