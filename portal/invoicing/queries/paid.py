"""What was paid of an invoice, and what is left: what it asks for without its agreed credit notes and its payments."""

from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from portal.invoicing.forms import NettableOut, RemittanceOut
from portal.invoicing.tables import Invoice
from portal.platform.work import View

# The credit notes between $1 (buyer) and $2 (supplier) in currency $3 that another invoice's payment can take up: their
# own invoice is settled, so that what is beyond what was set off there is the supplier's debt.
NETTABLE: Final = """buyer_id = $1 and supplier_id = $2 and currency = $3 and state = 'approved'
  and exists (select from invoice i where i.id = credit_note.invoice_id and i.state = 'settled')"""
LEFT: Final = "select i.gross - i.prepaid + i.rounding - portal.came_off(i.id) from invoice i where i.id = {invoice}"
# What was reversed stays in the list, with the day and the reason of its opposite entry.
_PAYMENTS = """
select p.id, p.paid_on, p.reference, b.number as account, p.amount, p.credited, p.discount, p.currency, p.created_at,
  o.paid_on as reversed_on, coalesce(o.reason, '') as reversal_reason,
  coalesce((select array_agg(c.number order by c.number) from credit_note c where c.payment_id = p.id), '{}')
    as credit_notes
from payment p left join payment o on o.reverses = p.id left join bank_approval b on b.id = p.bank_approval_id
where p.invoice_id = $1 and p.reverses is null order by p.paid_on, p.created_at
"""
_STANDING = """
select coalesce(sum(amount + credited + discount), 0) as paid, max(paid_on) as last from payment
where invoice_id = $1 and reverses is null and reversed_at is null
"""


class Standing(NamedTuple):
    """What was paid of an invoice and was not undone, credit notes of others and discounts with it; and when last."""

    paid: Decimal
    last: date | None


async def standing(view: View, invoice_id: UUID) -> Standing:
    found = await view.one(_STANDING, invoice_id)
    assert found is not None, "a sum is always a row"
    return Standing(found["paid"], found["last"])


async def payments_of(view: View, invoice_id: UUID) -> list[RemittanceOut]:
    """The payments of an invoice, the oldest first, with the credit notes that each settled."""
    return [msgspec.convert(dict(row), RemittanceOut) for row in await view.fetch(_PAYMENTS, invoice_id)]


async def nettable(view: View, invoice: Invoice) -> list[NettableOut]:
    """The credit notes that a payment of this invoice may take up."""
    columns = "id, number, gross + rounding - set_off as left"
    sql = f"select {columns} from credit_note where {NETTABLE} order by issue_date, number limit 50"
    rows = await view.fetch(sql, invoice.buyer_id, invoice.supplier_id, invoice.currency)
    return [NettableOut(**row) for row in rows]
