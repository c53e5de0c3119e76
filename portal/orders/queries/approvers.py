"""Who an order in approval waits for: the colleagues who may approve it as it stands."""

from portal.access.duties import counterparts
from portal.access.guards import allowed
from portal.access.queries import colleagues, own_currency
from portal.orders.tables import PurchaseOrder
from portal.organisations.queries import rate_of
from portal.platform.work import View

_BARRED = "select person_id from duty_taken where root_id = $1 and permission = any($2)"


async def approvers(view: View, order: PurchaseOrder) -> list[str]:
    """Their names, by name: within their scope and limit, and none who entered or submitted it.

    What one person approved for a supplier within 30 days is counted only when they approve.
    """
    excluding = list(counterparts().get("orders:approve", ()))
    barred = {record["person_id"] for record in await view.fetch(_BARRED, order.id, excluding)}
    able = (each for each in await colleagues(view) if each.person_id not in barred)
    return sorted(each.name for each in able if allowed(each, "orders:approve", order))


async def unmeasured(view: View, order: PurchaseOrder) -> str:
    """The buyer's own currency, if no rate says today what the order is worth in it; else empty."""
    today = await view.value("select (portal.now() at time zone $1)::date", view.actor.time_zone)
    own = await own_currency(view)
    known = order.currency == own or await rate_of(view, order.buyer_id, order.currency, today)
    return "" if known else own
