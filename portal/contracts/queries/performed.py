"""What is to be performed under a contract, in the version that its reader looks at, and how far that is."""

from typing import Any
from uuid import UUID

from portal.contracts.forms import DeliverableOut, DeliveryOut, ServiceLevelOut
from portal.platform.work import View

_LEVELS = """
select l.id, l.position, l.measure, l.least, l.remedy from contract c
join contract_service_level l on l.contract_id = coalesce(c.amendment_id, c.id) where c.id = $1 order by l.position
"""
# Its state is that of the row in which it was first written.
_DELIVERABLES = """
select f.id, d.position, f.version, d.title, d.detail, d.due_on, f.state, f.said, f.delivered_at, f.objection,
  f.judged_at
from contract c join contract_deliverable d on d.contract_id = coalesce(c.amendment_id, c.id)
join contract_deliverable f on f.id = d.first_id where c.id = $1 order by d.position
"""
# What was called off of an item fills its planned deliveries, the earliest first.
_DELIVERIES = """
select d.id, d.position, d.item_id, d.item_number, d.description, d.unit, d.quantity, d.due_on,
  trim_scale(least(d.quantity, greatest(0, u.called_off - coalesce(sum(d.quantity) over (partition by d.item_id
    order by d.due_on rows between unbounded preceding and 1 preceding), 0)))) as called_off
from contract c join contract_delivery d on d.contract_id = coalesce(c.amendment_id, c.id)
cross join lateral (select coalesce(sum(o.counted), 0) as called_off from contract_call_off o
  where o.contract_id = coalesce(c.amends_id, c.id) and o.item_id = d.item_id) u
where c.id = $1 order by d.position
"""
_CONTRACT = """
select c.id from contract c join contract_deliverable d on d.contract_id = coalesce(c.amendment_id, c.id)
where d.first_id = $1 order by c.amends_id is not null, c.id limit 1
"""


async def performed(view: View, contract_id: UUID) -> dict[str, Any]:
    """By the names of a contract's fields."""
    return {
        "levels": await service_levels(view, contract_id),
        "deliverables": await view.structs(DeliverableOut, _DELIVERABLES, contract_id),
        "deliveries": await view.structs(DeliveryOut, _DELIVERIES, contract_id),
    }


async def service_levels(view: View, contract_id: UUID) -> list[ServiceLevelOut]:
    """What a contract asks for now, in its order."""
    return await view.structs(ServiceLevelOut, _LEVELS, contract_id)


async def contract_of_deliverable(view: View, deliverable_id: UUID) -> UUID | None:
    """The contract on whose page it stands now; None for whoever does not see it."""
    return await view.value(_CONTRACT, deliverable_id)
