"""The acts on an invoice or a credit note that need nothing but the record, and at most a reason."""

from portal.access.verbs import Verb
from portal.invoicing import commands
from portal.invoicing.states import S
from portal.invoicing.tables import Invoice
from portal.platform.i18n import Message, _
from portal.web.formats import day

WHY = _("Say why: the supplier reads it.")


def _approved(invoice: Invoice) -> Message:
    if invoice.state == S.SETTLED:
        return _("Invoice {number} is approved and settled: nothing of it is left to be paid.", number=invoice.number)
    told = {"number": invoice.number, "due_date": day(invoice.payable_on)}
    return _("Invoice {number} is approved and due on {due_date}.", **told)


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
        _approved, True,
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
