"""The button at each line of an order: close short what is open of it, or take that back."""

from collections.abc import Sequence
from uuid import UUID

from portal.access.guards import allowed
from portal.orders.forms import OrderLineOut
from portal.orders.rules import agreed_quantities, remaining
from portal.orders.states import against_closing_lines
from portal.orders.tables import PurchaseOrder
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.web.parts import Action


def line_acts(actor: Actor, order: PurchaseOrder, lines: Sequence[OrderLineOut]) -> dict[UUID, Action]:
    """By line; a line of which nothing is open has none."""
    if against_closing_lines(order) or not allowed(actor, "orders:close", order):
        return {}
    acts = {}
    for line, quantity in agreed_quantities(lines):
        at = f"/orders/{order.id}/lines/{line.id}"
        if line.short_closed:
            acts[line.id] = Action(_("Want it again"), f"{at}/reopen", "ghost", "arrow-back-up")
        elif remaining(line) < quantity:
            acts[line.id] = Action(
                _("Close short"),
                f"{at}/close",
                "ghost",
                "lock",
                confirm=_("What is still open of line {line} will not come any more.", line=line.line),
                reason=_("Why? The supplier reads this."),
            )
    return acts
