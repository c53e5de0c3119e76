"""What was paid of an invoice, and what is left: its total without its agreed credit notes and its payments."""

from decimal import Decimal
from typing import Final
from uuid import UUID

import msgspec

from portal.invoicing.forms import NettableOut, RemittanceOut
from portal.invoicing.tables import Invoice
from portal.platform.work import View

# The credit notes between $1 (buyer) and $2 (supplier) in currency $3 that another invoice's payment can take up: their
# own invoice is paid, so nothing else lowers by them.
NETTABLE: Final = """buyer_id = $1 and supplier_id = $2 and currency = $3 and state = 'approved'
  and exists (select from invoice i where i.id = credit_note.invoice_id and i.state = 'settled')"""
LEFT: Final = """
select i.gross - coalesce((select sum(c.gross) from credit_note c where c.invoice_id = i.id
    and (c.state = 'approved' or c.state = 'settled')), 0)
  - coalesce((select sum(p.amount + p.credited) from payment p where p.invoice_id = i.id), 0)
from invoice i where i.id = {invoice}
"""
_PAYMENTS = """
select p.id, p.paid_on, p.reference, b.number as account, p.amount, p.credited, p.currency, p.created_at,
  coalesce((select array_agg(c.number order by c.number) from credit_note c where c.payment_id = p.id), '{}')
    as credit_notes
from payment p left join bank_approval b on b.id = p.bank_approval_id
where p.invoice_id = $1 order by p.paid_on, p.created_at
"""


async def left_to_pay(view: View, invoice_id: UUID) -> Decimal:
    """What is still to be paid; less than nothing where more was credited than was left."""
    return await view.value(LEFT.format(invoice="$1"), invoice_id)


async def payments_of(view: View, invoice_id: UUID) -> list[RemittanceOut]:
    """The payments of an invoice, the oldest first, with the credit notes that each settled."""
    return [msgspec.convert(dict(row), RemittanceOut) for row in await view.fetch(_PAYMENTS, invoice_id)]


async def nettable(view: View, invoice: Invoice) -> list[NettableOut]:
    """The credit notes that a payment of this invoice may take up."""
    sql = f"select id, number, gross from credit_note where {NETTABLE} order by issue_date, number limit 50"
    rows = await view.fetch(sql, invoice.buyer_id, invoice.supplier_id, invoice.currency)
    return [NettableOut(**row) for row in rows]
