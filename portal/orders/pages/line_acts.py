"""The button at each line of an order: close short what is open of it, or take that back."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from portal.access.guards import allowed
from portal.orders.forms import OrderLineOut
from portal.orders.rules import agreed_quantities, finished, remaining, taken_off
from portal.orders.states import against_closing_lines
from portal.orders.tables import PurchaseOrder
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.web.parts import Action

_LAST = _("What is still open will not come any more. Nothing else of the order is open, so it is closed with it.")


def line_acts(actor: Actor, order: PurchaseOrder, lines: Sequence[OrderLineOut]) -> dict[UUID, Action]:
    """By line; a line of which nothing is open has none."""
    if against_closing_lines(order) or not allowed(actor, "orders:close", order):
        return {}
    acts = {}
    for line, quantity in agreed_quantities(lines):
        at = f"/orders/{order.id}/lines/{line.id}"
        if taken_off(line):
            continue
        if line.short_closed:
            acts[line.id] = Action(_("Want it again"), f"{at}/reopen", "ghost", "arrow-back-up")
        elif remaining(line) < quantity:
            acts[line.id] = Action(
                _("Close short"),
                f"{at}/close",
                "ghost",
                "lock",
                confirm=_LAST if _is_last(lines, line) else _("What is still open will not come any more."),
                reason=_("Why? The supplier reads this."),
            )
    return acts


def _is_last(lines: Sequence[OrderLineOut], line: OrderLineOut) -> bool:
    """Whether the order would be over without what is open of this line."""
    closed = msgspec.structs.replace(line, closed_to=remaining(line))
    return finished([closed if each is line else each for each in lines])
