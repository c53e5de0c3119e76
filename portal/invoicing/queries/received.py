"""Files that invoices were made of: the orders that one may mean, what was kept of it, and what it says otherwise."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from portal.invoicing.forms import Content, ReceivedOut
from portal.invoicing.queries.comparing import Made, compared, handed
from portal.invoicing.queries.einvoices import parties_of
from portal.invoicing.queries.files import kept_file, kept_xml
from portal.invoicing.queries.one import seen, submitted_snapshot
from portal.invoicing.queries.source import OrderHead, ordered_as
from portal.invoicing.queries.told import LINES
from portal.invoicing.rules.received.pairing import WHY
from portal.invoicing.tables import Invoice
from portal.organisations.queries import terms
from portal.platform.refusals import NotFound
from portal.platform.work import View

_NAMED = """
select o.id, o.number, o.buyer_id, r.snapshot -> 'buyer' as buyer, r.snapshot -> 'supplier' as supplier
from purchase_order o join order_revision r on r.order_id = o.id and r.revision = o.revision
where o.shown_to = $1 and o.supplier_id = $1 and o.number = any($2) order by o.id
"""
# Of an advice that was sent, if all these lines are of it.
_ADVICE = """
select d.id from despatch_advice d where d.supplier_id = $1 and d.number = $2 and d.shown_to is not null
and $3::uuid[] <@ array(select l.order_line_id from despatch_line l where l.advice_id = d.id)
"""


class NamedOrder(msgspec.Struct):
    """An order of the supplier's that a file may mean, with both parties as its newest revision names them."""

    id: UUID
    number: str
    buyer_id: UUID
    buyer: dict[str, Any]
    supplier: dict[str, Any]


async def orders_called(view: View, numbers: Sequence[str]) -> list[NamedOrder]:
    """The supplier's own orders of these numbers; of others' nothing is told."""
    return await view.structs(NamedOrder, _NAMED, view.actor.organisation_id, list(numbers))


async def advice_called(view: View, number: str, order_line_ids: Sequence[UUID]) -> UUID | None:
    """The supplier's own despatch advice of this number that tells of all these lines."""
    if not number:
        return None
    return await view.value(_ADVICE, view.actor.organisation_id, number, list(order_line_ids))


async def content(view: View, invoice_id: UUID) -> Content:
    """The file as it came. One that names a bank account is handed to whoever may read full numbers of accounts."""
    await seen(view, invoice_id)
    return await handed(view, await kept_file(view, invoice_id))


async def received_out(view: View, invoice_id: UUID) -> ReceivedOut:
    """The file that an invoice was made of, beside the invoice as it is now."""
    invoice, orders = await seen(view, invoice_id)
    found = await received_of(view, invoice, orders)
    if found is None:
        raise NotFound()
    return found


async def received_of(view: View, invoice: Invoice, orders: Sequence[OrderHead]) -> ReceivedOut | None:
    """The same of an invoice whose row and orders are at hand; None of one that was written here."""
    kept = await kept_xml(view, invoice.id)
    if kept is None:
        return None
    lines = {str(line.order_line_id): line.line for line in await view.part(LINES, invoice.id)}
    return await compared(view, kept, Made(await _here(view, invoice, orders), lines, WHY, "order_line_id"))


async def _here(view: View, invoice: Invoice, orders: Sequence[OrderHead]) -> Mapping[str, Any]:
    """What the portal would write of the invoice: as it was sent, or as the draft is."""
    sent = await view.value("select snapshot from invoice_snapshot where invoice_id = $1", invoice.id)
    if sent is not None:
        return sent
    lines = await view.part(LINES, invoice.id)
    numbers = await ordered_as(view, lines)
    agreement = await terms(view, invoice.buyer_id, invoice.supplier_id)
    assert agreement is not None, "an invoice always has its trading relationship"
    return await submitted_snapshot(view, invoice, orders, lines, numbers) | parties_of(agreement)
