"""The orders behind what is called off under a contract."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import msgspec

from portal.access.guards import allowed, scoped
from portal.platform.guarded import FIELDS
from portal.platform.paging import Bind
from portal.platform.scope import visible
from portal.platform.work import View

# What of a line is still to come, or of a charge to be billed; of an order that is over, nothing.
_OPEN = """case when o.state in ('closed', 'cancelled', 'rejected') or u.quantity = 0 then 0 else u.amount
  * greatest(u.quantity - case when l.kind = 'charge' then l.invoiced - l.credited
    else l.received - l.returned_for_replacement end, 0) / u.quantity end"""


class CalledOff(msgspec.Struct):
    """An order and what it calls off, in the contract's currency; `open_value` is still to come of it."""

    id: UUID
    number: str
    state: str
    issued_at: datetime
    called_off_value: Decimal | None
    open_value: Decimal | None


class Behind(NamedTuple):
    """The newest orders under a contract, and what is still to come of all that its reader may see."""

    rows: list[CalledOff]
    open_value: Decimal | None


async def called_off_under(view: View, contract_id: UUID, limit: int = 8) -> Behind:
    """As far as its reader may see the orders."""
    bind = Bind(contract_id)
    sql = f"""
select o.id, o.number, o.state, o.issued_at, sum(u.amount) as called_off_value, round(sum({_OPEN}), 2) as open_value,
  round(sum(sum({_OPEN})) over (), 2) as all_open
from contract_call_off u join purchase_order o on o.id = u.order_id join purchase_order_line l on l.id = u.id
where u.contract_id = $1 and {scoped(view.actor, "orders:read", "o", bind)}
group by o.id order by o.issued_at desc, o.id desc limit {limit}
"""
    records = await view.fetch(sql, *bind.values)

    def may(permission: str) -> bool:
        return allowed(view.actor, permission)

    rows = [CalledOff(**{name: record[name] for name in CalledOff.__struct_fields__}) for record in records]
    seen = [visible(row, FIELDS["contract"], may) for row in rows]
    return Behind(seen, records[0]["all_open"] if records and may("prices:read") else None)
