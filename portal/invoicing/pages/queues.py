"""What waits for whom among the invoices, for the home pages."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

from portal.access.guards import allowed
from portal.invoicing.forms import CreditRow
from portal.invoicing.queries import (
    BUYING,
    SELLING,
    TO_BE_APPROVED,
    TO_BE_CORRECTED,
    Owed,
    ToInvoice,
    orders_to_invoice,
    to_decide,
    waiting_credits,
    waiting_invoices,
)
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.wiring import Queue
from portal.platform.work import View
from portal.web.parts import Action, Waiting

Where = Callable[[Actor, Callable[[Any], str]], str]
Load = Callable[[View], Awaitable[tuple[int, list[Waiting]]]]


_ORDER, _INVOICE, _SUPPLIER, _CUSTOMER, _DUE = _("Order"), _("Invoice"), _("Supplier"), _("Customer"), _("Payment due")
_CREDIT_NOTE = _("Credit note")


def _loads(condition: str | Where, act: Message, path: str = "", side: str = BUYING) -> Load:
    async def load(view: View) -> tuple[int, list[Waiting]]:
        count, rows = await waiting_invoices(view, condition, side=side)
        act_on = [Action(act, f"/invoices/{each.invoice.id}{path}", post=False) for each in rows]
        return count, [_waiting(view, *each) for each in zip(rows, act_on, strict=True)]

    return load


def _waiting(view: View, owed: Owed, act: Action) -> Waiting:
    row = owed.invoice
    party = row.buyer if view.actor.organisation_id == row.supplier.id else row.supplier
    return Waiting(
        title=row.number,
        href=f"/invoices/{row.id}",
        party=party.name,
        due=row.payable_on,
        amount=owed.amount,
        currency=row.currency,
        state=row.match_state if row.state == "submitted" else row.state,
        note=_("Order {number}", number=row.order.number),
        act=act,
    )


async def _ready(view: View) -> tuple[int, list[Waiting]]:
    count, rows = await orders_to_invoice(view)
    bills = allowed(view.actor, "invoices:create")
    return count, [_order(row, bills) for row in rows]


def _order(row: ToInvoice, bills: bool) -> Waiting:
    return Waiting(
        title=row.number,
        href=f"/orders/{row.id}",
        party=row.buyer_name,
        note=_("Lines to invoice: {n}", n=row.lines),
        act=Action(_("Invoice it"), f"/orders/{row.id}/invoice", "primary", "file-invoice", post=False)
        if bills
        else None,
    )


TO_APPROVE = Queue(
    _("Invoices to approve"),
    "/invoices?open=approve",
    _loads(TO_BE_APPROVED, _("Review")),
    "invoices:approve",
    _("No invoice that matches, or whose differences are accepted, waits for you."),
    "info",
    40,
    _INVOICE,
    _SUPPLIER,
    _DUE,
)
EXCEPTIONS = Queue(
    _("Invoices that differ"),
    "/invoices?state=submitted&match_state=exceptions",
    _loads("i.state = 'submitted' and i.match_state = 'exceptions'", _("Compare"), "#match"),
    "invoices:approve",
    _("Every invoice matches its order and delivery."),
    "warning",
    41,
    _INVOICE,
    _SUPPLIER,
    _DUE,
)
DISPUTED = Queue(
    _("Disputed invoices"),
    "/invoices?state=disputed",
    _loads("i.state = 'disputed'", _("Review")),
    "invoices:dispute",
    _("Nothing is in dispute."),
    "warning",
    42,
    _INVOICE,
    _SUPPLIER,
    _DUE,
)
TO_PAY = Queue(
    _("Approved, to be paid"),
    "/invoices?state=approved&sort=due",
    _loads("i.state = 'approved'", _("Record the payment"), "#settle"),
    "invoices:settle",
    _("Nothing approved waits for payment."),
    "neutral",
    43,
    _INVOICE,
    _SUPPLIER,
    _DUE,
)
READY = Queue(
    _("Ready to invoice"),
    "/orders?open=invoice",
    _ready,
    "invoices:create",
    _("All that was accepted is invoiced. Orders appear here when goods are received."),
    "info",
    40,
    _ORDER,
    _CUSTOMER,
)
DRAFTS = Queue(
    _("Invoice drafts"),
    "/invoices?state=draft",
    _loads("i.state = 'draft'", _("Review"), side=SELLING),
    "invoices:create",
    _("No invoice is begun."),
    "neutral",
    41,
    _INVOICE,
    _CUSTOMER,
    _DUE,
)
QUERIED = Queue(
    _("Invoices in dispute"),
    "/invoices?state=disputed",
    _loads("i.state = 'disputed'", _("Review"), side=SELLING),
    "invoices:create",
    _("No customer disputes an invoice."),
    "warning",
    42,
    _INVOICE,
    _CUSTOMER,
    _DUE,
)
TO_CORRECT = Queue(
    _("Invoices to correct"),
    "/invoices?open=correct",
    _loads(TO_BE_CORRECTED, _("Review"), "#differences", side=SELLING),
    "invoices:create",
    _("No customer asks for a corrected invoice or a credit note."),
    "warning",
    41,
    _INVOICE,
    _CUSTOMER,
    _DUE,
)
TO_RESOLVE = Queue(
    _("Invoices with differences for you to decide"),
    "/invoices?open=explain",
    _loads(
        to_decide,
        _("Compare"),
        "#match",
    ),
    "invoices:resolve",
    _("No invoice asks for another price than was ordered, or for a charge that was not."),
    "warning",
    43,
    _INVOICE,
    _SUPPLIER,
    _DUE,
)


def _credits(state: str, act: Message, path: str = "", side: str = BUYING) -> Load:
    async def load(view: View) -> tuple[int, list[Waiting]]:
        count, rows = await waiting_credits(view, f"c.state = '{state}'", side=side)
        acts = [Action(act, f"/credit-notes/{each.note.id}{path}", post=False) for each in rows]
        return count, [_credit(*each, side, act_on) for each, act_on in zip(rows, acts, strict=True)]

    return load


def _credit(row: CreditRow, amount: Decimal | None, side: str, act: Action) -> Waiting:
    return Waiting(
        title=row.number,
        href=f"/credit-notes/{row.id}",
        party=(row.supplier if side == BUYING else row.buyer).name,
        amount=amount,
        currency=row.currency,
        state=row.state,
        note=_("Invoice {number}", number=row.invoice_number),
        act=act,
    )


CREDITS = Queue(
    _("Credit notes to approve"),
    "/credit-notes?state=submitted",
    _credits("submitted", _("Review")),
    "credit-notes:approve",
    _("No credit note waits for you."),
    "info",
    41,
    _CREDIT_NOTE,
    _SUPPLIER,
)
CREDITS_TO_SETTLE = Queue(
    _("Credit notes to settle"),
    "/credit-notes?state=approved",
    _credits("approved", _("Note the settlement"), "#settle"),
    "credit-notes:settle",
    _("Every approved credit note is settled."),
    "neutral",
    44,
    _CREDIT_NOTE,
    _SUPPLIER,
)
CREDIT_DRAFTS = Queue(
    _("Credit note drafts"),
    "/credit-notes?state=draft",
    _credits("draft", _("Edit"), "/edit", SELLING),
    "credit-notes:create",
    _("No credit note is begun."),
    "neutral",
    43,
    _CREDIT_NOTE,
    _CUSTOMER,
)

QUEUES = {
    "payable": [TO_APPROVE, CREDITS, EXCEPTIONS, DISPUTED, TO_PAY, CREDITS_TO_SETTLE],
    "billing": [READY, DRAFTS, TO_CORRECT, QUERIED, CREDIT_DRAFTS],
    "buyer": [TO_RESOLVE],
}
