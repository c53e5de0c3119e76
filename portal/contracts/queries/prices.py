"""Prices that contracts have for items: for whoever enters an order, and for whoever asks why a price holds."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from portal.contracts.rules import Offer
from portal.platform.work import View

_COLUMNS = """t.id, c.id as contract_id, c.number as contract, c.currency, t.unit_price, t.base_quantity, t.unit,
  t.minimum_quantity, c.valid_from, c.valid_to, t.valid_from as begins, t.valid_to as ends,
  v.price_day = 'delivery_date' as by_delivery"""
# The prices of the version `v` of a contract `c`: of the contract as it was first signed, or of an amendment.
_TERMS = (
    "from contract_term t join contract v on v.id = t.contract_id join contract c on c.id = coalesce(v.amends_id, v.id)"
)
OFFERED = f"""select {_COLUMNS} {_TERMS} and v.id = coalesce(c.amendment_id, c.id)
  where t.item_id = i.id and c.buyer_id = {{buyer}} and c.supplier_id = {{supplier}} and c.state = 'active'"""
"""The terms in force of an item `i` between a buyer and a supplier, to be joined laterally."""

_IN_FORCE = f"""
select i.number as item_number, (portal.now() at time zone o.time_zone)::date as today, t.*
from item i join organisation o on o.id = $1 cross join lateral ({OFFERED.format(buyer="$1", supplier="$2")}) t
where i.organisation_id = $1 and i.number = any($3::text[]) and ($4::uuid is null or t.contract_id = $4)
"""
_THEN = f"""select {_COLUMNS} {_TERMS}
where t.item_id = $1 and c.buyer_id = $2 and c.supplier_id = $3 and coalesce(c.ended_at, 'infinity') > $4
  and case when v.id = c.id then c.activated_at else v.applied_at end <= $4
  and coalesce(case when v.id = c.id then (select min(a.applied_at) from contract a where a.amends_id = c.id)
    else v.ended_at end, 'infinity') > $4"""

_DAYS = ("valid_from", "valid_to", "begins", "ends", "by_delivery")


class InForce(NamedTuple):
    """What contracts in force ask for items, by their numbers, and which day it is where they are bought."""

    day: date
    offers: dict[str, list[Offer]]


def offer_of(record: Any) -> Offer:
    """A term as a record of `OFFERED` has it."""
    names = ("id", "contract_id", "contract", "currency", "unit_price", "base_quantity", "unit", "minimum_quantity")
    values = {name: record[name] for name in (*names, *_DAYS)}
    return Offer(source="contract", maximum_quantity=None, **values)


async def in_force(
    view: View, numbers: Sequence[str], supplier_id: UUID, contract_id: UUID | None = None
) -> InForce | None:
    """The reader's own contracts with a supplier for these items, or that one alone; None if there is none."""
    found: dict[str, list[Offer]] = {}
    if not numbers:
        return None
    records = await view.fetch(_IN_FORCE, view.actor.organisation_id, supplier_id, list(numbers), contract_id)
    for record in records:
        found.setdefault(record["item_number"], []).append(offer_of(record))
    return InForce(records[0]["today"], found) if records else None


async def offered_then(view: View, item_id: UUID, buyer_id: UUID, supplier_id: UUID, at: datetime) -> list[Offer]:
    """What contracts that were in force at that time ask for an item."""
    return [offer_of(record) for record in await view.fetch(_THEN, item_id, buyer_id, supplier_id, at)]
