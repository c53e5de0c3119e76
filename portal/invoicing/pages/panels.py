"""What invoicing adds to an order's page and to the search over all."""

from typing import Any, NamedTuple

from portal.access.guards import allowed
from portal.invoicing.commands import CREDITABLE
from portal.invoicing.forms import CreditRow, InvoiceRow
from portal.invoicing.pages import received, received_credits
from portal.invoicing.pages.asking import open_of
from portal.invoicing.queries import (
    CreditFilter,
    InvoiceFilter,
    billable,
    credits,
    credits_of_invoice,
    invoice_list,
    invoices_of_advice,
    invoices_of_order,
    is_billable,
    left_to_credit,
)
from portal.orders.queries import LIVE
from portal.platform.decimals import ZERO
from portal.platform.i18n import Message, _
from portal.platform.wiring import Panel
from portal.platform.work import View
from portal.web.parts import Action, Found

FIRST = 8
BILLABLE = (*LIVE, "closed")


class Invoices(NamedTuple):
    """The invoices of an order or a delivery; `href` is where its supplier writes another one, or empty."""

    rows: list[InvoiceRow]
    href: str
    action: Message

    @property
    def main(self) -> Action | None:
        return Action(self.action, self.href, "primary", "file-invoice", post=False) if self.href else None


async def _of_order(view: View, order: Any) -> Invoices | None:
    if order.shown_to is None:
        return None
    bills = order.state in BILLABLE and not order.on_hold and allowed(view.actor, "invoices:create", order)
    rows = await invoices_of_order(view, order)
    due = bills and any(quantity > ZERO for quantity in open_of(await billable(view, [order.id]), None).values())
    return Invoices(rows, f"/orders/{order.id}/invoice" if due else "", _("Invoice this order"))


async def found(view: View, words: str) -> list[Found]:
    """What the search over all comes upon among the invoices."""
    listed = await invoice_list(view, InvoiceFilter(query=words), limit=FIRST, counted=False)
    own = view.actor.organisation_id
    return [
        Found(
            title=row.invoice.number,
            href=f"/invoices/{row.invoice.id}",
            detail=(row.invoice.buyer if row.invoice.supplier.id == own else row.invoice.supplier).name,
            state=row.invoice.state,
            exact=row.invoice.number.casefold() == words.casefold(),
        )
        for row in listed.rows
    ]


async def found_credits(view: View, words: str) -> list[Found]:
    listed = await credits(view, CreditFilter(query=words), limit=FIRST)
    own = view.actor.organisation_id
    return [
        Found(
            title=row.number,
            href=f"/credit-notes/{row.id}",
            detail=(row.buyer if row.supplier.id == own else row.supplier).name,
            state=row.state,
            exact=row.number.casefold() == words.casefold(),
        )
        for row in listed.rows
    ]


async def _of_advice(view: View, advice: Any) -> Invoices | None:
    """The invoices made of a delivery; its supplier bills it once it left, until all of its lines are billed."""
    if advice.despatched_at is None:
        return None
    bills = allowed(view.actor, "invoices:create") and advice.supplier_id == view.actor.organisation_id
    due = bills and await is_billable(view, advice.id)
    rows = await invoices_of_advice(view, advice)
    return Invoices(rows, f"/despatch-advices/{advice.id}/invoice" if due else "", _("Invoice this delivery"))


class Credits(NamedTuple):
    """The credit notes of an invoice; `href` is where its supplier writes another one, or empty."""

    rows: list[CreditRow]
    href: str


async def _credits(view: View, invoice: Any) -> Credits | None:
    if invoice.shown_to is None:
        return None
    rows = await credits_of_invoice(view, invoice)
    writes = invoice.state in CREDITABLE and allowed(view.actor, "credit-notes:create", invoice)
    left = writes and any(each.net > ZERO for each in await left_to_credit(view, invoice))
    return Credits(rows, f"/invoices/{invoice.id}/credit" if left else "")


PANELS = {
    "invoice": [received.PANEL, Panel(_credits, "invoicing/credit_panel.html", 60, "credit-notes:read")],
    "credit-note": [received_credits.PANEL],
    "purchase-order": [Panel(_of_order, "invoicing/panel.html", 60, "invoices:read")],
    "despatch-advice": [Panel(_of_advice, "invoicing/panel.html", 60, "invoices:read")],
}
