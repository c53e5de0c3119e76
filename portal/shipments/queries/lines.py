"""Order lines on their way: what of them is still open, and what the supplier may despatch."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec

from portal.orders.queries import GOODS, Standing
from portal.platform.decimals import ZERO
from portal.platform.i18n import Message
from portal.platform.work import View
from portal.platform.work.parts import json_part

# What is agreed: the confirmed quantity once the supplier has answered (0 of a line that it rejected), the ordered one
# before that and on migrated orders; of a line that was closed short what it was closed to; never of a service. What
# came has left, announced or not; what was rejected and is to be replaced comes once more.
OPEN = f"""case when not {GOODS} then 0 else greatest(case when l.short_closed then l.closed_to
  when o.state = 'accepted' and o.responded_at is not null then l.confirmed
  else coalesce(nullif(l.confirmed, 0), l.quantity) end
  - greatest(l.{{done}}, l.received) + l.returned_for_replacement, 0) end"""


class OpenLine(msgspec.Struct):
    """A line of an order as it waits; `open` is what is still to be received. State and hold are the order's."""

    id: UUID
    order_id: UUID
    order_number: str
    line: int
    item_number: str
    description: str
    unit: str
    quantity: Decimal
    open: Decimal
    state: str
    on_hold: bool
    hold_reason: str

    @property
    def standing(self) -> Standing:
        return Standing(self.order_number, self.state, self.on_hold, self.hold_reason)

    @property
    def obstacle(self) -> Message | None:
        """Why nothing of it can be received now, if so."""
        return self.standing.against_coming


class Promised(msgspec.Struct):
    """How much of a line is promised for which day."""

    quantity: Decimal
    promised_date: date | None


class DespatchableLine(OpenLine):
    """An order line as its supplier may despatch it, up to its ceiling; `open` is what is still to leave, `schedule`
    are its deliveries, raw."""

    buyer_id: UUID
    buyer_name: str
    supplier_name: str
    despatched: Decimal
    returned_for_replacement: Decimal
    despatch_ceiling: Decimal | None
    closed_to: Decimal | None
    ship_to: dict[str, Any]
    schedule: list[dict[str, Any]]

    @property
    def promises(self) -> list[Promised]:
        """Its deliveries, in their sequence."""
        return msgspec.convert(self.schedule, list[Promised], strict=False)

    @property
    def next_promise(self) -> date | None:
        """The day of the first delivery that what has left does not cover."""
        covered = ZERO
        for each in self.promises:
            covered += each.quantity
            if covered > self.despatched:
                return each.promised_date
        return None

    @property
    def obstacle(self) -> Message | None:
        """Why nothing of it can leave now, if so."""
        return self.standing.against_leaving


_LINE = (
    "l.id, l.order_id, o.number as order_number, l.line, l.item_number, l.description, l.unit, l.quantity, "
    "o.state, o.on_hold, o.hold_reason"
)
# Nothing is asked for any more of a line that was closed short and of which all that stays wanted is there.
STILL_WANTED = f"(not l.short_closed or {OPEN} > 0)"
_OPEN_LINES = f"""
select {_LINE}, {OPEN} as open from purchase_order_line l join purchase_order o on o.id = l.order_id
where l.order_id = any($1) and {GOODS} and {STILL_WANTED} order by o.number, l.line
"""
_DESPATCHABLE = f"""
select {_LINE}, {OPEN.format(done="despatched")} as open, l.despatched, l.returned_for_replacement, l.despatch_ceiling,
  l.closed_to,
  o.buyer_id, o.buyer_name, o.supplier_name, coalesce(l.ship_to, o.ship_to) as ship_to,
  (select coalesce(jsonb_agg(jsonb_build_object('quantity', s.quantity::text, 'promised_date', s.promised_date)
     order by s.sequence), '[]') from schedule_line s where s.line_id = l.id and s.quantity > 0) as schedule
from purchase_order_line l join purchase_order o on o.id = l.order_id
where {{of}} = any($1) and {GOODS} and o.supplier_id = $2 and o.shown_to = $2 order by o.number, l.line
"""


# Of lines by their ids, and the supplier whose they are.
DESPATCHABLE = json_part(
    f"select coalesce(json_agg(found), '[]') from ({_DESPATCHABLE.format(of='l.id')}) found",
    list[DespatchableLine],
    ["purchase_order", "purchase_order_line", "schedule_line"],
)


async def open_lines(view: View, order_ids: list[UUID], done: Literal["despatched", "received"]) -> list[OpenLine]:
    """The lines of the orders that are delivered, with what is open of each; a form offers them in this sequence."""
    return await view.structs(OpenLine, _OPEN_LINES.format(done=done), order_ids)


async def despatchable(view: View, line_ids: list[UUID]) -> list[DespatchableLine]:
    """Those of the lines that were ordered from the actor's organisation."""
    return await view.part(DESPATCHABLE, line_ids, view.actor.organisation_id)


async def despatchable_of(view: View, order_ids: list[UUID]) -> list[DespatchableLine]:
    """The same of those of the orders that went to the actor's organisation."""
    sql = _DESPATCHABLE.format(of=f"{STILL_WANTED.format(done='despatched')} and l.order_id")
    return await view.structs(DespatchableLine, sql, order_ids, view.actor.organisation_id)
