"""What invoicing does when goods or services are booked or undone, and when a credit note is decided on."""

from collections.abc import Iterable

from portal.invoicing.events import CreditNoteApproved, CreditNoteRejected
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


REACTIONS = {
    CreditNoteApproved: Reaction(later=[match_credited]),
    CreditNoteRejected: Reaction(later=[match_credited]),
    GoodsInspected: Reaction(later=[match_again]),
    InspectionReversed: Reaction(later=[match_again]),
    GoodsReceived: Reaction(later=[match_again]),
    ReceiptReversed: Reaction(later=[match_again]),
    ServiceAccepted: Reaction(later=[match_again]),
    ServiceReversed: Reaction(later=[match_again]),
}
