"""What waits for whoever ships, for the home pages."""

from portal.platform.i18n import _
from portal.platform.wiring import Queue
from portal.platform.work import View
from portal.shipments import queries
from portal.shipments.forms import AdviceRow
from portal.web.parts import Action, Waiting


async def _to_despatch(view: View) -> tuple[int, list[Waiting]]:
    count, orders = await queries.to_despatch(view)
    return count, [
        Waiting(
            title=order.number,
            href=f"/orders/{order.id}",
            party=order.buyer_name,
            due=order.requested_date,
            overdue=order.overdue,
            note=_("The rest is to follow") if order.despatch_status == "partial" else "",
            act=Action(_("Despatch"), f"/orders/{order.id}/despatch", icon="truck-delivery", post=False),
        )
        for order in orders
    ]


async def _drafts(view: View) -> tuple[int, list[Waiting]]:
    count, rows = await queries.drafts(view)
    return count, [_draft(row.advice) for row in rows]


def _draft(advice: AdviceRow) -> Waiting:
    return Waiting(
        title=advice.number,
        href=f"/despatch-advices/{advice.id}",
        party=advice.buyer.name,
        due=advice.expected_date,
        note=", ".join(order.number for order in advice.orders),
    )


TO_DESPATCH = Queue(
    _("Orders to despatch"),
    "/orders?open=despatch",
    _to_despatch,
    "despatch-advices:create",
    _("Everything agreed is on its way. Orders appear here once both sides agree."),
    "warning",
    20,
    _("Order"),
    _("Customer"),
    _("Wanted by"),
)
DRAFTS = Queue(
    _("Despatch advices begun"),
    "/despatch-advices?state=draft",
    _drafts,
    "despatch-advices:edit",
    _("No draft is waiting."),
    "neutral",
    21,
    _("Despatch advice"),
    _("Customer"),
    _("Expected on"),
)

QUEUES = {"shipping": [TO_DESPATCH, DRAFTS]}
