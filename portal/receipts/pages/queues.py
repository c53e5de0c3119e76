"""What waits for receivers: deliveries on their way, the late ones first."""

from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

from portal.platform.i18n import _
from portal.platform.wiring import Queue
from portal.platform.work import View
from portal.receipts.queries import to_inspect
from portal.shipments.queries import Listed, arriving
from portal.web.parts import Action, Waiting


def _loads(late: bool) -> Callable[[View], Awaitable[tuple[int, list[Waiting]]]]:
    async def load(view: View) -> tuple[int, list[Waiting]]:
        count, rows = await arriving(view, late=late)
        return count, [_waiting(row) for row in rows]

    return load


def _waiting(row: Listed) -> Waiting:
    advice = row.advice
    at = f"/despatch-advices/{advice.id}"
    return Waiting(
        title=advice.number,
        href=at,
        party=advice.supplier.name,
        due=advice.expected_date,
        overdue=row.overdue,
        note=", ".join(order.number for order in advice.orders),
        act=Action(_("Receive"), f"{at}/receive", icon="package-import", post=False),
    )


async def _to_inspect(view: View) -> tuple[int, list[Waiting]]:
    count, rows = await to_inspect(view)
    zone = ZoneInfo(view.actor.time_zone)
    return count, [
        Waiting(
            title=row.number,
            href=f"/receipts/{row.id}",
            party=row.supplier.name,
            due=row.delivered_at.astimezone(zone).date(),
            note=", ".join(order.number for order in row.orders),
            act=Action(_("Inspect"), f"/receipts/{row.id}#inspection", icon="checklist", post=False),
        )
        for row in rows
    ]


_COLUMNS = (_("Despatch advice"), _("Supplier"), _("Expected on"))
LATE = Queue(
    _("Late deliveries"),
    "/despatch-advices?open=late",
    _loads(late=True),
    "goods-receipts:create",
    _("Nothing is overdue on its way."),
    "danger",
    10,
    *_COLUMNS,
)
EXPECTED = Queue(
    _("Expected deliveries"),
    "/despatch-advices?open=expected",
    _loads(late=False),
    "goods-receipts:create",
    _("Nothing is on its way. Deliveries appear here as soon as suppliers despatch them."),
    "info",
    11,
    *_COLUMNS,
)

INSPECT = Queue(
    _("Goods to inspect"),
    "/receipts?open=inspect",
    _to_inspect,
    "goods-receipts:inspect",
    _("Nothing waits in inspection."),
    "warning",
    12,
    _("Goods receipt"),
    _("Supplier"),
    _("Delivered"),
)

QUEUES = {"receiver": [LATE, EXPECTED, INSPECT]}
