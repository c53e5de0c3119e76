"""Beginning to trade with a supplier, and keeping its standing."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.access.queries import own_currency
from portal.organisations.events import StandingChanged, SupplierApproved
from portal.organisations.queries import terms
from portal.organisations.tables import TradingRelationship
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, NotFound
from portal.platform.work import Change, changing


async def approve_supplier(actor: Actor, supplier_id: UUID, **agreed: Any) -> TradingRelationship:
    """Begin to trade with an organisation that exists; `agreed` are columns of the relationship."""
    async with changing(actor) as change:
        change.require("suppliers:edit")
        currency = await own_currency(change)
        supplier = await _selling(change, supplier_id)
        relationship = change.add(
            TradingRelationship(
                id=new_id(),
                buyer_id=actor.organisation_id,
                supplier_id=supplier_id,
                shown_to=supplier_id,
                supplier_name=supplier,
                state="approved",
                created_at=change.now,
                **({"currency": currency, "tolerances": {}, "terms": {}, "tags": [], "hold_reasons": {}} | agreed),
            )
        )
        change.record(SupplierApproved(supplier_id), relationship)
    return relationship


async def _selling(change: Change, supplier_id: UUID) -> str:
    """The name of an organisation that sells and is not a supplier yet."""
    found = await change.one("select name, kind from portal.organisations($1)", str(supplier_id))
    if found is None or supplier_id == change.actor.organisation_id:
        raise NotFound()
    if found["kind"] == "buyer":
        raise Conflict(_("{name} buys and does not sell here.", name=found["name"]))
    if await terms(change, change.actor.organisation_id, supplier_id) is not None:
        raise Conflict(_("You trade with {supplier} already.", supplier=found["name"]))
    return found["name"]


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
