"""A whole world with a mark in it: whoever is shown the mark has seen what is not theirs."""

from typing import NamedTuple
from uuid import UUID

from portal.invoicing.tables import Invoice
from portal.orders import commands as orders
from portal.platform.work import viewing
from tests.harness.audits import audited
from tests.harness.banks import approved_account
from tests.harness.batches import batch_of
from tests.harness.contracts import a_clause, offered_contract
from tests.harness.credits import offered_terms, sent_credit
from tests.harness.debits import accepted_debit
from tests.harness.deliveries import despatched_goods, received_goods
from tests.harness.evidence import checked_file
from tests.harness.imports import brought_files
from tests.harness.invoices import submitted_invoice
from tests.harness.ratings import finished_order, rated
from tests.harness.reorders import kept_template
from tests.harness.scores import scored_lately
from tests.harness.services import hours, service_order, submitted_entry
from tests.harness.signings import half_signed, places_of
from tests.harness.situations_of_money import alert_raised
from tests.harness.statements import sent_statement
from tests.harness.world import (
    Organised,
    accepted_order,
    an_item,
    answer,
    issued_order,
    line,
    trading_pair,
)


class World(NamedTuple):
    """One company with a record of every kind, and a pair of strangers."""

    company: Organised
    supplier: Organised
    ids: dict[str, UUID]


async def marked_world(mark: str) -> World:
    """A pair of organisations with a record of every kind; `mark` stands in whatever of them is a text."""
    company, supplier = await trading_pair()
    item = await an_item(company, category=mark)
    order = await accepted_order(company, supplier, line(description=f"{mark} bolts", item_id=str(item.id)), note=mark)
    advice = await despatched_goods(company, supplier, order, "6", carrier=mark)
    receipt = await received_goods(company, order, "6", advice=advice, delivery_note=mark)
    invoice = await submitted_invoice(supplier, order)
    template = await kept_template(company, supplier, mark, shared=True)
    performed = await service_order(company, supplier, hours("10", description=mark))
    service = await submitted_entry(company, supplier, performed, "4", note=mark)
    countered = await issued_order(company, supplier, line(description=mark))
    offer = {"line": 1, "code": "3", "quantity": "5", "reason": mark}
    response = (await orders.respond(supplier.order_desk, countered.id, answer("CA", offer))).response
    contract = await offered_contract(company, supplier, title=mark, item=item)
    clause = await a_clause(company, mark, f"{mark} of {{supplier}}")
    ids = {
        "contract_id": contract.id,
        "debit_note_id": await accepted_debit(company, supplier, said=mark),
        "clause_id": clause.clause_id,
        **await _to_sign(company, supplier, mark),
        "order_id": order.id,
        "advice_id": advice.id,
        "receipt_id": receipt.id,
        "invoice_id": invoice.id,
        "template_id": template.id,
        "service_entry_id": service.id,
        **await _of_invoice(company, supplier, invoice),
        "term_id": (await offered_terms(company)).id,
        "response_id": response.id,
        "item_id": item.id,
        "supplier_id": supplier.id,
        "statement_id": (await sent_statement(company, supplier)).id,
        "organisation_id": company.id,
        **await _parts(company, order.id, service.id),
        **await brought_files(company.supplier_manager, mark),
        **(await scored_lately(company, supplier, mark) | await audited(company, mark)),
        **await _guarded(company, supplier, mark),
    }
    return World(company, supplier, ids | {"file_id": await checked_file(company.buyer, order.id, f"{mark}.pdf", mark)})


async def _of_invoice(company: Organised, supplier: Organised, invoice: Invoice) -> dict[str, UUID]:
    """Its credit note, and the batch that it is in."""
    batch = await batch_of(company, supplier, invoice)
    return {"credit_id": (await sent_credit(supplier, invoice)).id, "batch_id": batch.id}


async def _guarded(company: Organised, supplier: Organised, mark: str) -> dict[str, UUID]:
    """Where the supplier is paid, what somebody has to look at, and what somebody says of an order."""
    await rated(company.receiver, await finished_order(company, supplier), comment=mark)
    approval = await approved_account(company, supplier, holder=mark)
    told = {"approval_id": approval.id, "bank_account_id": approval.bank_account_id}
    return told | await alert_raised(company, supplier)


async def _to_sign(company: Organised, supplier: Organised, mark: str) -> dict[str, UUID]:
    signing = await half_signed(company, supplier, title=mark)
    (place,) = await places_of(supplier.order_desk, signing.id)
    return {"signing_id": signing.id, "signatory_id": place.id}


async def _parts(company: Organised, order_id: UUID, service_id: UUID) -> dict[str, UUID]:
    """The ids of what lies inside of records."""
    async with viewing(company.auditor) as view:
        return {
            "entry_id": await view.value("select id from audit_entry where root_id = $1 order by id limit 1", order_id),
            "line_id": await view.value("select id from purchase_order_line where order_id = $1", order_id),
            "service_line_id": await view.value("select id from service_entry_line where entry_id = $1", service_id),
            "site_id": await view.value("select id from site where organisation_id = $1", company.id),
        }
