"""Order lines that services are entered on: what of them is open, and at what price."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from portal.orders.queries import SERVICE, Standing
from portal.platform.i18n import Message
from portal.platform.work import View


class ServiceLine(msgspec.Struct):
    """A line of an order as its supplier may enter services on it, up to its ceiling.

    `open` is what is still to be performed, `waiting` what is entered and not decided on.
    """

    id: UUID
    order_id: UUID
    order_number: str
    buyer_id: UUID
    buyer_name: str
    supplier_name: str
    line: int
    kind: str
    item_number: str
    description: str
    unit: str
    quantity: Decimal
    accepted: Decimal
    waiting: Decimal
    open: Decimal
    receive_ceiling: Decimal | None
    closed_to: Decimal | None
    currency: str
    unit_price: Decimal
    base_quantity: Decimal
    price_factor: Decimal
    discount: Decimal
    requested_date: date | None
    promised_date: date | None
    ship_to: dict[str, Any]
    state: str
    on_hold: bool
    hold_reason: str
    not_before: date | None

    @property
    def obstacle(self) -> Message | None:
        """Why nothing can be entered on it now, if so."""
        return Standing(self.order_number, self.state, self.on_hold, self.hold_reason).against_leaving


_COPIED = (
    "id, order_id, line, kind, item_number, description, unit, quantity, accepted, receive_ceiling, closed_to, "
    "unit_price, base_quantity, price_factor, discount, requested_date, promised_date"
)
# What is agreed: the confirmed quantity once the supplier has answered (0 of a line that it rejected), before that the
# ordered one.
AGREED = """case when l.short_closed then l.closed_to
  when o.state = 'accepted' and o.responded_at is not null then l.confirmed
  else coalesce(nullif(l.confirmed, 0), l.quantity) end"""
# A supplier performs what was ordered: on the day when the order was issued at the earliest, or from the day that the
# buyer itself asked for. What was agreed elsewhere may have begun before its order was kept here.
NOT_BEFORE = """case when o.source is null then least((o.issued_at at time zone
  (select b.time_zone from organisation b where b.id = o.buyer_id))::date, l.performed_from) end"""
_SERVICES = f"""
select {", ".join(f"l.{name}" for name in _COPIED.split(", "))}, o.number as order_number, o.buyer_id, o.buyer_name,
  o.supplier_name, o.currency, o.state, o.on_hold, o.hold_reason, {NOT_BEFORE} as not_before,
  coalesce(l.ship_to, o.ship_to) as ship_to,
  w.waiting, greatest({AGREED} - l.accepted - w.waiting, 0) as open
from purchase_order_line l join purchase_order o on o.id = l.order_id
cross join lateral (select coalesce(sum(s.quantity), 0) as waiting from service_entry_line s
  join service_entry e on e.id = s.entry_id
  where s.order_line_id = l.id and s.state = 'waiting' and e.state = 'submitted') w
where {{of}} and {SERVICE} and o.supplier_id = $2 and o.shown_to = $2 order by l.line
"""


async def services_of(view: View, order_id: UUID) -> list[ServiceLine]:
    """The service lines of an order that went to the actor's organisation; a form offers them in this sequence."""
    sql = _SERVICES.format(of="l.order_id = $1")
    return await view.structs(ServiceLine, sql, order_id, view.actor.organisation_id)


async def services(view: View, line_ids: list[UUID]) -> dict[UUID, ServiceLine]:
    """Those of the lines that are services ordered from the actor's organisation, by id."""
    sql = _SERVICES.format(of="l.id = any($1)")
    lines = await view.structs(ServiceLine, sql, line_ids, view.actor.organisation_id)
    return {line.id: line for line in lines}
