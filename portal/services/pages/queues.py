"""What waits: services to enter and to finish at the supplier, services to accept at the buyer."""

from portal.platform.i18n import _
from portal.platform.wiring import Queue
from portal.platform.work import View
from portal.services import queries
from portal.services.forms import EntryRow
from portal.web.parts import Action, Waiting


async def _to_decide(view: View) -> tuple[int, list[Waiting]]:
    count, entries = await queries.waiting_entries(view, "decide")
    return count, [_waiting(entry, entry.supplier.name) for entry in entries]


async def _drafts(view: View) -> tuple[int, list[Waiting]]:
    count, entries = await queries.waiting_entries(view, "drafts")
    return count, [_waiting(entry, entry.buyer.name) for entry in entries]


def _waiting(entry: EntryRow, party: str) -> Waiting:
    return Waiting(
        title=entry.number,
        href=f"/service-entries/{entry.id}",
        party=party,
        due=entry.performed_until,
        amount=entry.net,
        currency=entry.currency,
        note=entry.order_number,
    )


async def _to_enter(view: View) -> tuple[int, list[Waiting]]:
    count, orders = await queries.to_enter(view)
    return count, [
        Waiting(
            title=order.number,
            href=f"/orders/{order.id}",
            party=order.buyer_name,
            due=order.requested_date,
            overdue=order.overdue,
            act=Action(_("Enter services"), f"/orders/{order.id}/service-entry", icon="checklist", post=False),
        )
        for order in orders
    ]


TO_DECIDE = Queue(
    _("Services to accept"),
    "/service-entries?open=decide",
    _to_decide,
    "service-entries:decide",
    _("No service entry waits for you."),
    "warning",
    15,
    _("Service entry"),
    _("Supplier"),
    _("Performed until"),
)
TO_ENTER = Queue(
    _("Services to enter"),
    "/orders?open=services",
    _to_enter,
    "service-entries:create",
    _("No order waits for a service entry."),
    "primary",
    25,
    _("Order"),
    _("Customer"),
    _("Wanted by"),
)
DRAFTS = Queue(
    _("Service entries to finish"),
    "/service-entries?open=drafts",
    _drafts,
    "service-entries:create",
    _("No service entry was begun and left."),
    "info",
    26,
    _("Service entry"),
    _("Customer"),
    _("Performed until"),
)

QUEUES = {"receiver": [TO_DECIDE], "requester": [TO_DECIDE], "order_desk": [TO_ENTER, DRAFTS]}
