"""Files that credit notes were made of: the invoices that one may mean, and what it says otherwise."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import msgspec

from portal.invoicing.forms import Content, ReceivedOut
from portal.invoicing.queries.comparing import Made, compared, handed
from portal.invoicing.queries.credit_said import credit_said
from portal.invoicing.queries.credits import lines_of_credit, seen_credit
from portal.invoicing.queries.files import kept_file, kept_xml
from portal.invoicing.queries.source import OrderHead
from portal.invoicing.rules.received.crediting import WHY_CREDIT
from portal.invoicing.tables import CreditNote, CreditNoteLine
from portal.organisations.queries import terms
from portal.platform.refusals import NotFound
from portal.platform.work import View

KIND: Final = "credit-note"
KEY: Final = "invoice_line_id"
_CALLED: Final = """
select i.id, i.number, i.buyer_id, i.currency, i.order_number, s.snapshot -> 'buyer' as buyer,
  s.snapshot -> 'supplier' as supplier from invoice i join invoice_snapshot s on s.invoice_id = i.id
where i.supplier_id = $1 and i.number_key = $2 and i.state <> 'rejected' order by i.id
"""
_BILLED: Final = """
select b.id, o.number as order_number, l.line, b.item_number, b.description, b.quantity, b.unit, b.unit_price,
  b.base_quantity, b.price_unit, b.price_factor, b.discount
from invoice_line b join purchase_order_line l on l.id = b.order_line_id join purchase_order o on o.id = b.order_id
where b.invoice_id = $1 order by b.line
"""


class NamedInvoice(msgspec.Struct):
    """An invoice of the supplier's that was sent, with both parties as it names them."""

    id: UUID
    number: str
    buyer_id: UUID
    currency: str
    order_number: str
    buyer: dict[str, Any]
    supplier: dict[str, Any]


class BilledLine(msgspec.Struct):
    """A line of an invoice, by the number of the order line that it bills (`line`)."""

    id: UUID
    order_number: str
    line: int
    item_number: str
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    base_quantity: Decimal
    price_unit: str
    price_factor: Decimal
    discount: Decimal


async def invoices_called(view: View, number_key: str) -> list[NamedInvoice]:
    """The supplier's own invoices of this number that were sent and not refused; of others' nothing is told."""
    return await view.structs(NamedInvoice, _CALLED, view.actor.organisation_id, number_key)


async def billed_lines(view: View, invoice_id: UUID) -> list[BilledLine]:
    return await view.structs(BilledLine, _BILLED, invoice_id)


async def credit_content(view: View, credit_id: UUID) -> Content:
    """The file as it came. One that names a bank account is handed to whoever may read full numbers of accounts."""
    await seen_credit(view, credit_id)
    return await handed(view, await kept_file(view, credit_id, KIND))


async def received_credit_out(view: View, credit_id: UUID) -> ReceivedOut:
    """The file that a credit note was made of, beside the credit note as it is now."""
    found = await received_credit_of(view, *await seen_credit(view, credit_id))
    if found is None:
        raise NotFound()
    return found


async def received_credit_of(view: View, note: CreditNote, orders: Sequence[OrderHead]) -> ReceivedOut | None:
    """The same of one whose row and orders are at hand; None of one that was written here."""
    kept = await kept_xml(view, note.id, KIND)
    if kept is None:
        return None
    rows = await lines_of_credit(view, note.id)
    lines = {str(row.invoice_line_id): row.line for row in rows}
    return await compared(view, kept, Made(await _here(view, note, rows, orders), lines, WHY_CREDIT, KEY))


async def _here(
    view: View, note: CreditNote, rows: Sequence[CreditNoteLine], orders: Sequence[OrderHead]
) -> Mapping[str, Any]:
    """What the portal would write of it: as it was sent, or as the draft is."""
    sent = await view.value("select snapshot from credit_note_snapshot where credit_note_id = $1", note.id)
    if sent is not None:
        return sent
    agreement = await terms(view, note.buyer_id, note.supplier_id)
    assert agreement is not None, "an invoice always has its trading relationship"
    return await credit_said(view, note, rows, orders, agreement)
