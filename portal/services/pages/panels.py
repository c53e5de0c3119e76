"""What service entries add to an order's page: each entry with who submitted it, and the way to the next."""

from typing import Any, NamedTuple

from portal.access.guards import allowed
from portal.access.queries import names
from portal.orders.queries import has_services
from portal.platform.i18n import _
from portal.platform.wiring import Panel
from portal.platform.work import View
from portal.services import queries
from portal.services.forms import EntryRow
from portal.services.pages.looks import STATES
from portal.web.looks import Look
from portal.web.parts import Action


class Entered(NamedTuple):
    """A service entry of the order, and who submitted or prepared it."""

    entry: EntryRow
    who: str


class Services(NamedTuple):
    """The order's service entries; `href` leads to the next one where that is possible."""

    entered: list[Entered]
    href: str
    looks: dict[str, Look]

    @property
    def main(self) -> Action | None:
        return Action(_("Enter services"), self.href, "primary", "checklist", post=False) if self.href else None


async def _services(view: View, order: Any) -> Services | None:
    """Nothing before the order is issued, and nothing for one without services."""
    if order.shown_to is None or not await has_services(view, order.id):
        return None
    return await _told(view, order)


async def _told(view: View, order: Any) -> Services:
    records = await queries.entries_of_order(view, order.id)
    people = await names(view, [record["submitted_by"] or record["created_by"] for record in records])
    entered = [
        Entered(
            queries.row_of(view.actor, record),
            people.get(record["submitted_by"] or record["created_by"], ("", ""))[0],
        )
        for record in records
    ]
    enters = allowed(view.actor, "service-entries:create") and order.supplier_id == view.actor.organisation_id
    due = enters and order.state == "accepted" and order.receipt_status != "complete" and not order.on_hold
    return Services(entered, f"/orders/{order.id}/service-entry" if due else "", STATES)


PANELS = {"purchase-order": [Panel(_services, "services/panel.html", 15, "service-entries:read")]}
