"""Situations of credit notes."""

import itertools
from typing import Any
from uuid import UUID

from portal.invoicing import commands
from portal.invoicing.forms import CreditForm
from portal.invoicing.tables import CreditNote, Invoice
from portal.organisations.commands import enter_rates, offer_terms
from portal.organisations.forms import PaymentTermForm, RateForm
from portal.organisations.tables import ExchangeRate, PaymentTerm
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.work import viewing
from tests.harness.invoices import TODAY
from tests.harness.world import Organised

_numbers = itertools.count(1)


async def billed_lines(actor: Actor, invoice_id: UUID) -> list[UUID]:
    async with viewing(actor) as view:
        rows = await view.fetch("select id from invoice_line where invoice_id = $1 order by line", invoice_id)
    return [row["id"] for row in rows]


def credit_body(invoice: Invoice | UUID, kind: str = "whole", *lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The body of createCreditNote."""
    invoice_id = invoice if isinstance(invoice, UUID) else invoice.id
    body = {"invoice_id": str(invoice_id), "number": f"C-{next(_numbers):05d}", "issue_date": TODAY}
    named = {"lines": list(lines)} if lines else {}
    return body | {"kind": kind, "reason": "As agreed by telephone."} | named | changes


def returned(line_id: UUID | str, quantity: str) -> dict[str, Any]:
    return {"invoice_line_id": str(line_id), "quantity": quantity}


def corrected(line_id: UUID | str, unit_price: str, **changes: Any) -> dict[str, Any]:
    return {"invoice_line_id": str(line_id), "unit_price": unit_price} | changes


async def drafted_credit(
    supplier: Organised, invoice: Invoice, kind: str = "whole", *lines: dict[str, Any], **changes: Any
) -> CreditNote:
    form = convert(CreditForm, credit_body(invoice, kind, *lines, **changes))
    return await commands.create_credit(supplier.billing, form)


async def sent_credit(
    supplier: Organised, invoice: Invoice, kind: str = "whole", *lines: dict[str, Any], **changes: Any
) -> CreditNote:
    draft = await drafted_credit(supplier, invoice, kind, *lines, **changes)
    return await commands.submit_credit(supplier.billing, draft.id)


async def approved_credit(
    company: Organised,
    supplier: Organised,
    invoice: Invoice,
    kind: str = "whole",
    *lines: dict[str, Any],
    **changes: Any,
) -> CreditNote:
    sent = await sent_credit(supplier, invoice, kind, *lines, **changes)
    return await commands.approve_credit(company.payable, sent.id)


async def offered_terms(company: Organised, **terms: Any) -> PaymentTerm:
    """Payment terms that a company offers to agree on."""
    form = convert(PaymentTermForm, {"name": f"Terms {next(_numbers)}", "days": 45} | terms)
    return await offer_terms(company.supplier_manager, form)


async def a_rate(actor: Actor, currency: str = "USD", rate: str = "0.92", valid_on: str = "2026-01-02") -> ExchangeRate:
    said = {"currency": currency, "valid_on": valid_on, "rate": rate, "source": "European Central Bank"}
    return (await enter_rates(actor, [convert(RateForm, said)]))[0]
