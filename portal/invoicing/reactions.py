"""What invoicing does when an order is cancelled, when goods or services are booked or undone, and for credit notes."""

from collections.abc import Iterable

from portal.invoicing.events import CreditNoteApproved, CreditNoteRejected
from portal.orders.events import OrderCancelled
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.wiring import Job, Reaction
from portal.platform.work import Change
from portal.receipts.events import GoodsInspected, GoodsReceived, InspectionReversed, ReceiptReversed
from portal.services.events import ServiceAccepted, ServiceReversed

Came = GoodsInspected | InspectionReversed | GoodsReceived | ReceiptReversed | ServiceAccepted | ServiceReversed


def match_again(change: Change, event: Came) -> Iterable[Job]:
    """What came, was done or is undone may settle, or make, differences of invoices that wait for a decision, and
    payment terms may count from its day."""
    yield Job("invoicing.rematch", change.actor.organisation_id, {"order_id": event.order_id})


def match_credited(change: Change, event: CreditNoteApproved | CreditNoteRejected) -> Iterable[Job]:
    """What was credited is not billed any more, and a difference of its quantity may be gone."""
    yield Job("invoicing.rematch", change.actor.organisation_id, {"order_id": event.order_id})


async def require_nothing_billed(change: Change, event: OrderCancelled) -> None:
    """Raises `Conflict` while an approved invoice bills something of it: that would be paid, and never come.

    One that nobody decided on is no obstacle: it is rejected as before.
    """
    number = await change.value(_BILLED, event.order_id)
    if number is not None:
        message = _(
            "Invoice {number} of this order is approved. Ask the supplier for a credit note first.", number=number
        )
        raise Conflict(message, subject_id=event.order_id)


_BILLED = """
select i.number from invoice_line b join invoice i on i.id = b.invoice_id
where b.order_id = $1 and i.state in ('approved', 'settled')
group by i.id having sum(b.quantity) > coalesce((
  select sum(c.booked) from credit_note_line c join credit_note n on n.id = c.credit_note_id
  where n.invoice_id = i.id and c.order_id = $1 and n.booked_at is not null), 0)
order by i.submitted_at limit 1
"""

REACTIONS = {
    OrderCancelled: Reaction(now=[require_nothing_billed]),
    CreditNoteApproved: Reaction(later=[match_credited]),
    CreditNoteRejected: Reaction(later=[match_credited]),
    GoodsInspected: Reaction(later=[match_again]),
    InspectionReversed: Reaction(later=[match_again]),
    GoodsReceived: Reaction(later=[match_again]),
    ReceiptReversed: Reaction(later=[match_again]),
    ServiceAccepted: Reaction(later=[match_again]),
    ServiceReversed: Reaction(later=[match_again]),
}
