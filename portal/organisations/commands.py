"""Beginning to trade with a supplier, and keeping its terms and standing."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.access.queries import own_currency
from portal.organisations.events import StandingChanged, SupplierApproved
from portal.organisations.tables import TradingRelationship
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from portal.platform.work import Change, changing


async def approve_supplier(actor: Actor, supplier_id: UUID, **terms: Any) -> TradingRelationship:
    """Begin to trade with an organisation that exists; `terms` are columns of the relationship."""
    async with changing(actor) as change:
        change.require("suppliers:edit")
        currency = await own_currency(change)
        name = await change.value("select name from portal.organisations(null) where id = $1", supplier_id)
        relationship = change.add(
            TradingRelationship(
                id=new_id(),
                buyer_id=actor.organisation_id,
                supplier_id=supplier_id,
                shown_to=supplier_id,
                supplier_name=name,
                state="approved",
                created_at=change.now,
                **({"currency": currency, "tolerances": {}, "tags": []} | terms),
            )
        )
        change.record(SupplierApproved(supplier_id), relationship)
    return relationship


async def set_standings(change: Change, standings: Mapping[UUID, tuple[str, Decimal | None]]) -> None:
    """Keep suppliers' standings and scores as scorecards see them; only a change of standing is an event."""
    found = await change.rows(
        TradingRelationship,
        "buyer_id = $1 and supplier_id = any($2) order by id",
        *(change.actor.organisation_id, list(standings)),
    )
    for relationship in found:
        standing, score = standings[relationship.supplier_id]
        moved = relationship.standing != standing
        relationship.standing, relationship.score = standing, score
        if moved:
            change.record(StandingChanged(relationship.supplier_id, standing), relationship)
    change.write_all(found)
