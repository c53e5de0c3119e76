"""What invoicing adds to an order's page and to the search over all."""

from typing import Any, NamedTuple

from portal.access.guards import allowed
from portal.invoicing.forms import InvoiceRow
from portal.invoicing.pages.asking import open_of
from portal.invoicing.queries import InvoiceFilter, billable, invoice_list, invoices_of_order
from portal.platform.decimals import ZERO
from portal.platform.wiring import Panel
from portal.platform.work import View
from portal.web.parts import Found

FIRST = 8
BILLABLE = ("issued", "accepted", "conditionally_accepted", "closed")


class Invoices(NamedTuple):
    """The invoices of an order; `href` is where its supplier writes another one, or empty."""

    rows: list[InvoiceRow]
    href: str


async def _of_order(view: View, order: Any) -> Invoices | None:
    if order.shown_to is None:
        return None
    bills = order.state in BILLABLE and not order.on_hold and allowed(view.actor, "invoices:create", order)
    rows = await invoices_of_order(view, order)
    due = bills and any(quantity > ZERO for quantity in open_of(await billable(view, [order.id]), None).values())
    return Invoices(rows, f"/orders/{order.id}/invoice" if due else "")


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


PANELS = {"purchase-order": [Panel(_of_order, "invoicing/panel.html", 60, "invoices:read")]}
