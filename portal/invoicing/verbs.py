"""The acts on an invoice or a credit note that need nothing but the record, and at most a reason."""

from typing import Any

from portal.access.verbs import Verb
from portal.invoicing import commands
from portal.invoicing.tables import Invoice
from portal.platform.i18n import _
from portal.web.formats import day

WHY = _("Say why: the supplier reads it.")


def _due(invoice: Invoice) -> dict[str, Any]:
    return {"number": invoice.number, "due_date": day(invoice.payable_on)}


VERBS = [
    Verb(
        "submit", commands.submit, "invoices:submit", "submitInvoice",
        _("Invoice {number} is with the buyer now."),
    ),
    Verb(
        "match", commands.rematch, "invoices:match", "matchInvoice",
        _("Invoice {number} was matched again."),
    ),
    Verb(
        "approve", commands.approve, "invoices:approve", "approveInvoice",
        _("Invoice {number} is approved and due on {due_date}."), True, told=_due,
    ),
    Verb(
        "dispute", commands.dispute, "invoices:dispute", "disputeInvoice",
        _("Invoice {number} is disputed. The supplier reads why."), True, WHY,
    ),
    Verb(
        "reject", commands.reject, "invoices:reject", "rejectInvoice",
        _("Invoice {number} is rejected. The supplier reads why."), True, WHY,
    ),
]  # fmt: skip

CREDIT_VERBS = [
    Verb(
        "submit", commands.submit_credit, "credit-notes:submit", "submitCreditNote",
        _("Credit note {number} is with the buyer now."),
    ),
    Verb(
        "approve", commands.approve_credit, "credit-notes:approve", "approveCreditNote",
        _("Credit note {number} is approved."),
    ),
    Verb(
        "reject", commands.reject_credit, "credit-notes:reject", "rejectCreditNote",
        _("Credit note {number} is rejected. The supplier reads why."), True, WHY,
    ),
]  # fmt: skip
