"""Every write of the API, sent right by who may: it is done, once, and a repetition with its key answers the same."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from litestar import Litestar

from portal.access.guards import permission_of
from portal.audit.commands import place_hold
from portal.audit.forms import HoldForm
from portal.operations.desk.commands import start
from portal.orders import commands as orders
from portal.platform.convert import convert
from portal.platform.work import viewing
from portal.scorecards import commands as scorecards
from tests.harness.bodies import LAST_MONTH, body_of
from tests.harness.credits import approved_credit, drafted_credit, offered_terms, sent_credit
from tests.harness.deliveries import despatched_goods, drafted_advice, received_goods
from tests.harness.deliveries_facts import noon, on, promised_order
from tests.harness.imports import brought_files
from tests.harness.invoices import approved_invoice, draft_invoice, submitted_invoice
from tests.harness.invoices import billed as goods_billed
from tests.harness.reorders import kept_template
from tests.harness.scores import scored_lately
from tests.harness.services import accepted_services, drafted_entry, service_order, submitted_entry
from tests.harness.statements import sent_statement
from tests.harness.world import (
    Organised,
    accepted_order,
    an_item,
    answer,
    approved_order,
    draft_order,
    issued_order,
    submitted_order,
    trading_pair,
)

Ids = dict[str, Any]
Situation = Callable[[Organised, Organised], Awaitable[Ids]]
LATER = {"retryPurchaseOrderDocument", "retryDespatchAdviceDocument", "retryInvoiceDocument"}  # tests/documents
LATER |= {"retryStatementDocument", "retryCreditNoteDocument", "retryScorecardDocument"}


def order_in(state: Callable[..., Awaitable[Any]]) -> Situation:
    async def make(company: Organised, supplier: Organised) -> Ids:
        return await _named(company, await state(company, supplier))

    return make


async def held(company: Organised, supplier: Organised) -> Ids:
    order = await accepted_order(company, supplier)
    await orders.hold(company.buyer, order.id, "Certificate missing")
    return {"order_id": order.id}


async def countered(company: Organised, supplier: Organised) -> Ids:
    order = await issued_order(company, supplier)
    offer = {"line": 1, "code": "3", "quantity": "5"}
    given = await orders.respond(supplier.order_desk, order.id, answer("CA", offer))
    return {"order_id": order.id, "response_id": given.response.id}


async def despatch_prepared(company: Organised, supplier: Organised) -> Ids:
    order = await accepted_order(company, supplier)
    return {"advice_id": (await drafted_advice(company, supplier, order)).id} | await _named(company, order)


async def received(company: Organised, supplier: Organised) -> Ids:
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order)
    receipt = await received_goods(company, order, "10", advice=advice)
    return {"receipt_id": receipt.id} | await _named(company, order)


def services(state: Callable[..., Awaitable[Any]]) -> Situation:
    async def make(company: Organised, supplier: Organised) -> Ids:
        order = await service_order(company, supplier)
        entry = await state(company, supplier, order, "4")
        async with viewing(supplier.order_desk) as view:
            line_id = await view.value("select id from service_entry_line where entry_id = $1", entry.id)
        return {"service_entry_id": entry.id, "service_line_id": line_id} | await _named(company, order)

    return make


async def template_kept(company: Organised, supplier: Organised) -> Ids:
    return {"template_id": (await kept_template(company, supplier)).id}


def billed(state: Callable[..., Awaitable[Any]]) -> Situation:
    async def make(company: Organised, supplier: Organised) -> Ids:
        order = await accepted_order(company, supplier)
        await received_goods(company, order, "10")
        company_too = [company] if state is approved_invoice else []
        invoice = await state(*company_too, supplier, order)
        return {"invoice_id": invoice.id} | await _named(company, order)

    return make


async def differing(company: Organised, supplier: Organised) -> Ids:
    order = await accepted_order(company, supplier)
    await received_goods(company, order, "10")
    async with viewing(company.buyer) as view:
        line_id = await view.value("select id from purchase_order_line where order_id = $1", order.id)
    invoice = await submitted_invoice(supplier, order, goods_billed(line_id, "10", "13.50"))
    async with viewing(company.payable) as view:
        found = await view.value("select id from match_exception where invoice_id = $1 and kind = 'price'", invoice.id)
    return {"invoice_id": invoice.id, "exception_id": found}


def credited(state: Callable[..., Awaitable[Any]]) -> Situation:
    async def make(company: Organised, supplier: Organised) -> Ids:
        order = await accepted_order(company, supplier)
        await received_goods(company, order, "10")
        invoice = await submitted_invoice(supplier, order)
        company_too = [company] if state is approved_credit else []
        return {"credit_id": (await state(*company_too, supplier, invoice)).id}

    return make


async def term_offered(company: Organised, _supplier: Organised) -> Ids:
    return {"term_id": (await offered_terms(company)).id}


async def stated(company: Organised, supplier: Organised) -> Ids:
    return {"statement_id": (await sent_statement(company, supplier)).id}


async def on_hold(company: Organised, _supplier: Organised) -> Ids:
    form = convert(HoldForm, {"from_day": "2025-01-01", "reason": "Dispute"})
    return {"hold_id": (await place_hold(company.administrator, form)).id}


async def brought(company: Organised, _supplier: Organised) -> Ids:
    return {**await brought_files(company.supplier_manager, "Suppliers"), "name": "more.csv"}


async def waiting_to_run(company: Organised, supplier: Organised) -> Ids:
    ids = await brought(company, supplier)
    await start(company.supplier_manager, ids["file_import_id"], trial=True)
    return ids


async def due_last_month(company: Organised, supplier: Organised) -> Ids:
    with on(noon(LAST_MONTH.first)):
        await promised_order(company, supplier, LAST_MONTH.first + timedelta(days=5))
    return {}


async def excused_lately(company: Organised, supplier: Organised) -> Ids:
    ids = await scored_lately(company, supplier)
    await scorecards.grant(company.supplier_manager, ids["excuse_id"])
    return ids


async def _named(company: Organised, order: Any) -> Ids:
    async with viewing(company.buyer) as view:
        line_id = await view.value("select id from purchase_order_line where order_id = $1", order.id)
    return {"order_id": order.id, "line_id": line_id}


async def nothing_yet(_company: Organised, _supplier: Organised) -> Ids:
    return {}


WRITES: dict[str, tuple[str, Situation]] = {
    "createPurchaseOrder": ("requester", nothing_yet),
    "editPurchaseOrder": ("requester", order_in(draft_order)),
    "submitPurchaseOrder": ("requester", order_in(draft_order)),
    "withdrawPurchaseOrder": ("requester", order_in(submitted_order)),
    "discardPurchaseOrder": ("requester", order_in(draft_order)),
    "approvePurchaseOrder": ("approver", order_in(submitted_order)),
    "returnPurchaseOrder": ("approver", order_in(submitted_order)),
    "issuePurchaseOrder": ("buyer", order_in(approved_order)),
    "cancelPurchaseOrder": ("buyer", order_in(issued_order)),
    "holdPurchaseOrder": ("buyer", order_in(accepted_order)),
    "releasePurchaseOrder": ("buyer", held),
    "closePurchaseOrder": ("buyer", order_in(accepted_order)),
    "respondToPurchaseOrder": ("order_desk", order_in(issued_order)),
    "acceptResponse": ("buyer", countered),
    "declineResponse": ("buyer", countered),
    "createDespatchAdvice": ("shipping", order_in(accepted_order)),
    "replaceDespatchAdvice": ("shipping", despatch_prepared),
    "despatchGoods": ("shipping", despatch_prepared),
    "cancelDespatchAdvice": ("shipping", despatch_prepared),
    "createGoodsReceipt": ("receiver", order_in(accepted_order)),
    "reverseGoodsReceipt": ("receiver", received),
    "copyPurchaseOrder": ("requester", order_in(issued_order)),
    "createOrderTemplate": ("requester", order_in(draft_order)),
    "editOrderTemplate": ("requester", template_kept),
    "deleteOrderTemplate": ("requester", template_kept),
    "applyOrderTemplate": ("requester", template_kept),
    "createServiceEntry": ("order_desk", order_in(service_order)),
    "replaceServiceEntry": ("order_desk", services(drafted_entry)),
    "submitServiceEntry": ("order_desk", services(drafted_entry)),
    "cancelServiceEntry": ("order_desk", services(drafted_entry)),
    "decideServiceEntry": ("requester", services(submitted_entry)),
    "acceptServiceEntry": ("receiver", services(submitted_entry)),
    "rejectServiceEntry": ("receiver", services(submitted_entry)),
    "reverseServiceEntry": ("receiver", services(accepted_services)),
    "createInvoice": ("billing", received),
    "editInvoice": ("billing", billed(draft_invoice)),
    "discardInvoice": ("billing", billed(draft_invoice)),
    "submitInvoice": ("billing", billed(draft_invoice)),
    "matchInvoice": ("payable", billed(submitted_invoice)),
    "approveInvoice": ("payable", billed(submitted_invoice)),
    "disputeInvoice": ("payable", billed(submitted_invoice)),
    "rejectInvoice": ("payable", billed(submitted_invoice)),
    "settleInvoice": ("payable", billed(approved_invoice)),
    "acceptInvoiceException": ("buyer", differing),
    "createCreditNote": ("billing", billed(submitted_invoice)),
    "submitCreditNote": ("billing", credited(drafted_credit)),
    "discardCreditNote": ("billing", credited(drafted_credit)),
    "approveCreditNote": ("payable", credited(sent_credit)),
    "rejectCreditNote": ("payable", credited(sent_credit)),
    "settleCreditNote": ("payable", credited(approved_credit)),
    "offerPaymentTerms": ("supplier_manager", nothing_yet),
    "retirePaymentTerms": ("supplier_manager", term_offered),
    "agreePaymentTerms": ("supplier_manager", term_offered),
    "enterExchangeRates": ("payable", nothing_yet),
    "overrideStanding": ("supplier_manager", nothing_yet),
    "endStandingOverride": ("supplier_manager", scored_lately),
    "freezeScorecards": ("supplier_manager", due_last_month),
    "restateScorecard": ("supplier_manager", scored_lately),
    "excuseFact": ("order_desk", scored_lately),
    "grantExcuse": ("supplier_manager", scored_lately),
    "refuseExcuse": ("supplier_manager", scored_lately),
    "withdrawExcuse": ("supplier_manager", excused_lately),
    "setInvoiceSettings": ("administrator", nothing_yet),
    "setScorecardSettings": ("supplier_manager", nothing_yet),
    "sendStatement": ("payable", order_in(accepted_order)),
    "placeLegalHold": ("administrator", nothing_yet),
    "releaseLegalHold": ("administrator", on_hold),
    "agreeToStatement": ("billing", stated),
    "objectToStatement": ("billing", stated),
    "createImport": ("supplier_manager", nothing_yet),
    "putImportFile": ("supplier_manager", brought),
    "removeImportFile": ("supplier_manager", brought),
    "mapImport": ("supplier_manager", brought),
    "startImport": ("supplier_manager", brought),
    "cancelImport": ("supplier_manager", waiting_to_run),
    "discardImport": ("supplier_manager", brought),
    "saveImportMapping": ("supplier_manager", brought),
    "renameImportMapping": ("supplier_manager", brought),
    "deleteImportMapping": ("supplier_manager", brought),
}


def writes_of(app: Litestar) -> dict[str, tuple[str, str]]:
    """Method and path of every operation that changes something; the API's own sign-in and sign-out aside."""
    return {
        str(handler.operation_id): (method, route.path_format)
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        for method in handler.http_methods
        if getattr(handler, "operation_id", None) and method not in ("GET", "OPTIONS", "HEAD")
        if permission_of(handler) not in ("public", "self:use")
    }


def test_no_write_is_forgotten_here(app):
    assert set(writes_of(app)) == set(WRITES) | LATER


@pytest.mark.parametrize("operation", WRITES)
async def test_a_write_is_done_once_and_repeated_word_for_word(app, client_of, superuser, operation):
    role, situation = WRITES[operation]
    company, supplier = await trading_pair()
    item = await an_item(company)
    ids = {"item_id": item.id, "supplier_id": supplier.id} | await situation(company, supplier)
    client = await client_of((supplier.people | company.people)[role])
    method, path = writes_of(app)[operation]
    path = path.format(**ids)
    send = {"json": body_of(operation, ids), "headers": {"idempotency-key": "once"}}

    first = await client.request(method, path, **send)
    assert first.status_code in (200, 201, 204), first.text
    entries = "select count(*) from audit_entry where owner_id = any(%s) or shown_to = any(%s)"
    sides = [[company.id, supplier.id]] * 2
    told = superuser.execute(entries, sides).fetchone()
    if method == "POST":
        second = await client.request(method, path, **send)
        assert (second.status_code, second.content) == (first.status_code, first.content)
        assert second.headers.get("etag") == first.headers.get("etag")
        assert superuser.execute(entries, sides).fetchone() == told
