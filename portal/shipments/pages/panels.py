"""What despatch advices add to an order's page: each delivery with who sent it and when, and the way to the next."""

from typing import Any, NamedTuple
from uuid import UUID

from portal.access.guards import allowed
from portal.access.queries import names
from portal.orders.queries import has_goods
from portal.platform.i18n import _
from portal.platform.wiring import Panel
from portal.platform.work import View
from portal.shipments import queries
from portal.shipments.forms import AdviceRow
from portal.shipments.pages.show import ARRIVAL
from portal.web.looks import Look
from portal.web.parts import Action


class Sent(NamedTuple):
    """A despatch advice of the order, and who despatched or prepared it."""

    advice: AdviceRow
    who: str


class Deliveries(NamedTuple):
    """The order's despatch advices; `href` leads to the next one where that is possible."""

    sent: list[Sent]
    href: str
    arrival: dict[str, Look]

    @property
    def main(self) -> Action | None:
        return Action(_("Despatch goods"), self.href, "primary", "truck-delivery", post=False) if self.href else None


async def _deliveries(view: View, order: Any) -> Deliveries | None:
    """Nothing before the order is issued."""
    if order.shown_to is None:
        return None
    records = await queries.advices_of_order(view, order.id)
    people = await names(view, [_author(record) for record in records])
    sent = [Sent(queries.row_of(record), people.get(_author(record), ("", ""))[0]) for record in records]
    sends = allowed(view.actor, "despatch-advices:create") and order.supplier_id == view.actor.organisation_id
    due = sends and order.state == "accepted" and order.despatch_status != "complete" and not order.on_hold
    due = due and await has_goods(view, order.id)
    return Deliveries(sent, f"/orders/{order.id}/despatch" if due else "", ARRIVAL)


def _author(record: Any) -> UUID:
    return record["despatched_by"] or record["created_by"]


PANELS = {"purchase-order": [Panel(_deliveries, "shipments/panel.html", 10, "despatch-advices:read")]}
