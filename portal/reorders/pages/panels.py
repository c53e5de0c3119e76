"""What ordering again adds to an order's page: a copy of it, and keeping it as a template."""

from typing import Any

from portal.access.guards import allowed
from portal.platform.i18n import _
from portal.platform.wiring import Panel
from portal.platform.work import View
from portal.web.parts import Action


async def _again(view: View, order: Any) -> list[Action] | None:
    """For who orders on the buyer's side; nobody else is offered anything."""
    if order.buyer_id != view.actor.organisation_id:
        return None
    at = f"/orders/{order.id}"
    acts = [Action(_("Order again"), f"{at}/copy", icon="repeat")]
    if allowed(view.actor, "order-templates:create", order):
        acts.append(Action(_("Keep as a template"), f"{at}/template", icon="files", post=False))
    return acts


PANELS = {"purchase-order": [Panel(_again, "reorders/panel.html", 85, "orders:create")]}
