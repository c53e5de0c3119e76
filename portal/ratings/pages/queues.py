"""What asks to be rated: orders whose goods or services somebody took lately, or had asked for."""

from portal.orders.queries import waiting_orders
from portal.platform.i18n import _
from portal.platform.wiring import Queue
from portal.platform.work import View
from portal.ratings.queries import ORDERS_OPEN
from portal.web.parts import Action, Waiting


async def _to_rate(view: View) -> tuple[int, list[Waiting]]:
    count, rows = await waiting_orders(view, ORDERS_OPEN["rate"])
    return count, [
        Waiting(
            title=row.order.number,
            href=f"/orders/{row.order.id}",
            party=row.order.supplier.name,
            due=row.order.requested_date,
            act=Action(_("Rate it"), f"/orders/{row.order.id}/ratings", icon="star", post=False),
        )
        for row in rows
    ]


TO_RATE = Queue(
    _("Orders to rate"),
    "/orders?open=rate",
    _to_rate,
    "orders:rate",
    _("No order asks what you think of it."),
    "info",
    90,
    _("Order"),
    _("Supplier"),
    _("Wanted by"),
    quiet=True,
)
QUEUES = {"requester": [TO_RATE], "receiver": [TO_RATE], "buyer": [TO_RATE]}
