"""Situations in which a write is possible: each makes one and tells the ids that the write names."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from portal.access.commands import remove_member
from portal.alerts.commands import raise_alert
from portal.audit.commands import place_hold
from portal.audit.forms import HoldForm
from portal.banks import commands as bank_accounts
from portal.banks.tables import BankApproval
from portal.catalogue.commands import retire_item
from portal.invoicing.commands import settle
from portal.invoicing.forms import Settlement
from portal.operations.desk.commands import start
from portal.orders import commands as orders
from portal.organisations.commands import end_relationship, hold_supplier
from portal.organisations.forms import SupplierHoldForm
from portal.platform.convert import convert
from portal.platform.work import changing, viewing
from portal.scorecards import commands as scorecards
from tests.harness.banks import account_form, approved_account, offered_account, proposed_account, proved
from tests.harness.bodies import LAST_MONTH, SOON
from tests.harness.credits import approved_credit, offered_terms
from tests.harness.deliveries import despatched_goods, drafted_advice, inspected_goods, received_goods, waiting_receipt
from tests.harness.deliveries_facts import noon, on, promised_order
from tests.harness.evidence import checked_file
from tests.harness.identity import an_invitation
from tests.harness.imports import brought_files
from tests.harness.invoices import TODAY, approved_invoice, submitted_invoice
from tests.harness.invoices import billed as goods_billed
from tests.harness.masters import set_price
from tests.harness.registers import a_gln, hosted_supplier, relation_on_hold
from tests.harness.reorders import kept_template
from tests.harness.scores import scored_lately
from tests.harness.services import service_order
from tests.harness.settings import proposed_tolerances
from tests.harness.statements import objected_statement, sent_statement
from tests.harness.world import (
    Organised,
    accepted_order,
    an_item,
    answer,
    issued_order,
    line,
    selling_company,
)

Ids = dict[str, Any]
Situation = Callable[[Organised, Organised], Awaitable[Ids]]


def order_in(state: Callable[..., Awaitable[Any]]) -> Situation:
    async def make(company: Organised, supplier: Organised) -> Ids:
        return await _named(company, await state(company, supplier))

    return make


async def held(company: Organised, supplier: Organised) -> Ids:
    order = await accepted_order(company, supplier)
    await orders.hold(company.buyer, order.id, "Certificate missing")
    return {"order_id": order.id}


async def closed_short(company: Organised, supplier: Organised) -> Ids:
    order = await accepted_order(company, supplier, line(), line())
    named = await _named(company, order)
    await orders.close_line(company.buyer, order.id, named["line_id"], "Not needed any more")
    return named


async def countered(company: Organised, supplier: Organised) -> Ids:
    order = await issued_order(company, supplier)
    offer = {"line": 1, "code": "3", "quantity": "5"}
    given = await orders.respond(supplier.order_desk, order.id, answer("CA", offer))
    return {"order_id": order.id, "response_id": given.response.id}


async def despatch_prepared(company: Organised, supplier: Organised) -> Ids:
    order = await accepted_order(company, supplier)
    return {"advice_id": (await drafted_advice(company, supplier, order)).id} | await _named(company, order)


async def on_the_way(company: Organised, supplier: Organised) -> Ids:
    order = await accepted_order(company, supplier)
    return {"advice_id": (await despatched_goods(company, supplier, order)).id} | await _named(company, order)


async def invited(company: Organised, _supplier: Organised) -> Ids:
    return {"invitation_id": (await an_invitation(company)).id}


async def colleague(company: Organised, _supplier: Organised) -> Ids:
    return {"person_id": company.buyer.person}


async def former_colleague(company: Organised, supplier: Organised) -> Ids:
    named = await colleague(company, supplier)
    await remove_member(company.administrator, named["person_id"])
    return named


async def received(company: Organised, supplier: Organised) -> Ids:
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order)
    receipt = await received_goods(company, order, "10", advice=advice)
    return {"receipt_id": receipt.id} | await _named(company, order)


async def in_inspection(company: Organised, supplier: Organised) -> Ids:
    order = await accepted_order(company, supplier)
    receipt = await waiting_receipt(company, order, "4")
    async with viewing(company.receiver) as view:
        line_id = await view.value("select id from goods_receipt_line where receipt_id = $1", receipt.id)
    return {"receipt_id": receipt.id, "receipt_line_id": line_id} | await _named(company, order)


async def inspected(company: Organised, supplier: Organised) -> Ids:
    ids = await in_inspection(company, supplier)
    await inspected_goods(company, ids["receipt_id"], "1")
    async with viewing(company.receiver) as view:
        ids["inspection_id"] = await view.value(
            "select id from goods_inspection where receipt_id = $1", ids["receipt_id"]
        )
    return ids


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


async def paid_by_mistake(company: Organised, supplier: Organised) -> Ids:
    ids = await billed(approved_invoice)(company, supplier)
    await settle(company.payable, ids["invoice_id"], convert(Settlement, {"date": TODAY, "reference": "TRF-1"}))
    async with viewing(company.payable) as view:
        payment_id = await view.value("select id from payment where invoice_id = $1", ids["invoice_id"])
    return {"payment_id": payment_id} | ids


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


async def objected(company: Organised, supplier: Organised) -> Ids:
    return {"statement_id": (await objected_statement(company, supplier)).id}


async def on_hold(company: Organised, _supplier: Organised) -> Ids:
    form = convert(HoldForm, {"from_day": "2025-01-01", "reason": "Dispute"})
    return {"hold_id": (await place_hold(company.administrator, form)).id}


async def brought(company: Organised, _supplier: Organised) -> Ids:
    return {**await brought_files(company.supplier_manager, "Suppliers"), "name": "more.csv"}


async def file_attached(company: Organised, supplier: Organised) -> Ids:
    order = await accepted_order(company, supplier)
    return {"order_id": order.id, "file_id": await checked_file(company.buyer, order.id, "calculation.pdf")}


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


async def tolerances_meant(company: Organised, _supplier: Organised) -> Ids:
    return {"kind": "company-tolerances", "subject_id": company.id}


async def setting_proposed(company: Organised, _supplier: Organised) -> Ids:
    return {"setting_id": (await proposed_tolerances(company, {"receive": {"percent": "5"}})).id}


async def orders_meant(_company: Organised, _supplier: Organised) -> Ids:
    return {"what": "orders"}


async def orders_held(company: Organised, supplier: Organised) -> Ids:
    form = convert(SupplierHoldForm, {"until": SOON, "reason": "The certificate has run out."})
    await hold_supplier(company.supplier_manager, supplier.id, "orders", form)
    return {"what": "orders"}


async def nothing_yet(_company: Organised, _supplier: Organised) -> Ids:
    return {}


async def priced(company: Organised, supplier: Organised) -> Ids:
    item = await an_item(company)
    price = await set_price(company.supplier_manager, item=item, supplier_id=supplier.id, unit_price="8.25")
    return {"item_id": item.id, "price_id": price.id}


async def retired(company: Organised, _supplier: Organised) -> Ids:
    item = await an_item(company)
    await retire_item(company.supplier_manager, item.id)
    return {"item_id": item.id}


async def hosted(company: Organised, _supplier: Organised) -> Ids:
    return {"supplier_id": (await hosted_supplier(company)).supplier_id}


async def on_the_portal(_company: Organised, _supplier: Organised) -> Ids:
    number = a_gln()
    await selling_company(gln=number)
    return {"registered": number}


async def relation_held(company: Organised, _supplier: Organised) -> Ids:
    return {"supplier_id": (await relation_on_hold(company)).supplier_id}


async def relation_ended(company: Organised, supplier: Organised) -> Ids:
    await end_relationship(company.supplier_manager, supplier.id)
    return {"supplier_id": supplier.id}


async def account_entered(_company: Organised, supplier: Organised) -> Ids:
    """By the supplier's administrator, so that billing may confirm it."""
    made = await bank_accounts.enter(proved(supplier.administrator), account_form())
    return {"bank_account_id": made.id}


async def account_offered(company: Organised, supplier: Organised) -> Ids:
    return _of_account(await offered_account(company, supplier))


async def account_proposed(company: Organised, supplier: Organised) -> Ids:
    return _of_account(await proposed_account(company, supplier))


async def account_approved(company: Organised, supplier: Organised) -> Ids:
    return _of_account(await approved_account(company, supplier))


def _of_account(approval: BankApproval) -> Ids:
    return {"approval_id": approval.id, "bank_account_id": approval.bank_account_id}


async def alert_raised(company: Organised, _supplier: Organised) -> Ids:
    async with changing(company.auditor) as change:
        alert: Any = await raise_alert(change, "policy-change", "sign-in")
    return {"alert_id": alert.id}
