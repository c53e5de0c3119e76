"""What waits: late deliveries on which somebody decides what is claimed."""

from portal.debits import queries
from portal.platform.i18n import _
from portal.platform.wiring import Queue
from portal.platform.work import View
from portal.web.parts import Waiting


async def _to_decide(view: View) -> tuple[int, list[Waiting]]:
    count, found = await queries.waiting_debits(view)
    return count, [
        Waiting(
            title=each.order_number,
            href=f"/debit-notes/{each.id}",
            party=each.supplier.name,
            due=each.due,
            amount=each.amount,
            currency=each.currency,
            note=each.contract_number,
        )
        for each in found
    ]


TO_DECIDE = Queue(
    _("Late deliveries to decide on"),
    "/debit-notes?open=decide",
    _to_decide,
    "debit-notes:decide",
    _("No late delivery waits for a decision."),
    "warning",
    60,
    _("Order"),
    _("Supplier"),
    _("Due"),
    quiet=True,
)

QUEUES = {"payable": [TO_DECIDE]}
