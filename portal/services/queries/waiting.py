"""Work that waits at the supplier: agreed orders with services that nobody has entered yet."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from portal.access.guards import scoped
from portal.orders.queries import SERVICE
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.paging import Bind
from portal.platform.wiring import Narrowing
from portal.platform.work import View
from portal.services.queries.lines import AGREED

_SHOWN, MOST = 8, 1000


class ToEnter(NamedTuple):
    """An agreed order of which services are still to be entered."""

    id: UUID
    number: str
    buyer_name: str
    requested_date: date | None
    overdue: bool


_ENTERED = """select sum(s.quantity) from service_entry_line s join service_entry e on e.id = s.entry_id
  where s.order_line_id = l.id and s.state = 'waiting' and e.state = 'submitted'"""
_SOMETHING_OPEN = f"""exists (select from purchase_order_line l where l.order_id = o.id and {SERVICE}
  and {AGREED} - l.accepted > coalesce(({_ENTERED}), 0))"""


def _to_enter(_actor: Actor, _bind: Callable[[Any], str]) -> str:
    """Orders both sides agree on; what is on hold waits for its release."""
    return f"o.state = 'accepted' and o.receipt_status <> 'complete' and not o.on_hold and {_SOMETHING_OPEN}"


ORDERS_OPEN = {"services": Narrowing(_("Services to enter"), _to_enter, "orders:read", "shown_to")}


async def to_enter(view: View) -> tuple[int, list[ToEnter]]:
    """Agreed orders of which services are still to be entered, by the day they are wanted."""
    waits, bind = ORDERS_OPEN["services"], Bind(view.actor.organisation_id)
    where = f"o.shown_to = $1 and {scoped(view.actor, waits.permission, 'o', bind)} and {waits.sql(view.actor, bind)}"
    today = f"(portal.now() at time zone {bind(view.actor.time_zone)})::date"
    sql = (
        f"with waiting as (select o.* from purchase_order o where {where} limit {MOST}) "
        f"select id, number, buyer_name, requested_date, coalesce(requested_date < {today}, false) as overdue, "
        f"count(*) over () as waiting from waiting order by requested_date nulls last, created_at limit {_SHOWN}"
    )
    records = await view.fetch(sql, *bind.values)
    found = [ToEnter(*(record[name] for name in ToEnter._fields)) for record in records]
    return records[0]["waiting"] if records else 0, found
