"""Beginning to trade with a supplier that is on the portal, ending it and going on, and keeping its standing."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.access.queries import own_currency
from portal.organisations.events import (
    RelationshipEnded,
    RelationshipReinstated,
    StandingChanged,
    SupplierApproved,
    SupplierHeld,
)
from portal.organisations.forms import RegisteredForm, TermsForm
from portal.organisations.queries import registered_as, terms
from portal.organisations.states import RELATION
from portal.organisations.tables import TradingRelationship
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, FieldError, NotFound
from portal.platform.work import Change, changing
from portal.platform.work.change import expect_version


async def approve_supplier(actor: Actor, supplier_id: UUID, form: TermsForm | None = None) -> TradingRelationship:
    """Begin to trade with an organisation that exists, on terms that are usual where the form says nothing."""
    async with changing(actor) as change:
        change.require("suppliers:edit")
        supplier = await _selling(change, supplier_id)
        return await begin(change, supplier_id, supplier, form or TermsForm())


async def trade_with(actor: Actor, form: RegisteredForm) -> TradingRelationship:
    """Begin to trade with a company that keeps its own data here. Only its exact number finds it, and nothing else is
    told of a company that one does not trade with."""
    async with changing(actor) as change:
        change.require("suppliers:edit")
        found = await registered_as(change, form.registered)
        if found is None:
            message = _("No company here has exactly this number. Enter its data by hand.")
            raise Conflict(message, errors=[FieldError("registered", message)])
        if await terms(change, actor.organisation_id, found["id"]) is not None:
            raise Conflict(_("You trade with {supplier} already.", supplier=found["name"]), subject_id=found["id"])
        return await begin(change, found["id"], found["name"], form)


async def begin(change: Change, supplier_id: UUID, name: str, form: TermsForm) -> TradingRelationship:
    """A new relationship, approved: whoever may do this decides it."""
    if form.supplier_number:
        await require_free_number(change, form.supplier_number)
    usual: dict[str, Any] = {"currency": await own_currency(change), "tolerances": {}, "terms": {}, "tags": []}
    usual |= {"hold_reasons": {}}
    relationship = TradingRelationship(
        id=new_id(),
        buyer_id=change.actor.organisation_id,
        supplier_id=supplier_id,
        shown_to=supplier_id,
        supplier_name=name,
        state="approved",
        created_at=change.now,
        **(usual | form.agreed()),
    )
    change.record(SupplierApproved(supplier_id), change.add(relationship))
    return relationship


async def require_free_number(change: Change, number: str, present: UUID | None = None) -> None:
    """A buyer's number is one supplier's; `present` is the one that has it rightly."""
    sql = "select supplier_id, supplier_name from trading_relationship where buyer_id = $1 and supplier_number = $2"
    found = await change.one(sql, change.actor.organisation_id, number)
    if found is not None and found["supplier_id"] != present:
        message = _("{supplier} has this number already.", supplier=found["supplier_name"])
        raise Conflict(message, errors=[FieldError("supplier_number", message)])


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


async def approve_again(actor: Actor, supplier_id: UUID) -> TradingRelationship:
    """Approve a supplier that was invited, is being qualified or is on hold: orders may be issued to it."""
    return await _take(actor, supplier_id, "approve", SupplierApproved(supplier_id))


async def suspend_relationship(actor: Actor, supplier_id: UUID, reason: str = "") -> TradingRelationship:
    """Issue no orders to a supplier until it is approved again."""
    return await _take(actor, supplier_id, "suspend", SupplierHeld(supplier_id, reason))


async def end_relationship(actor: Actor, supplier_id: UUID, reason: str = "") -> TradingRelationship:
    """Order nothing new from a supplier; what was ordered goes on to its end."""
    return await _take(actor, supplier_id, "end", RelationshipEnded(supplier_id, reason))


async def reinstate_relationship(actor: Actor, supplier_id: UUID) -> TradingRelationship:
    """Trade with a supplier again, on the terms that were agreed."""
    return await _take(actor, supplier_id, "reinstate", RelationshipReinstated(supplier_id))


async def _take(actor: Actor, supplier_id: UUID, verb: str, event: Any) -> TradingRelationship:
    async with changing(actor) as change:
        change.require("suppliers:edit")
        relationship, version = await relation_of(change, supplier_id)
        expect_version(actor, relationship, version)
        RELATION.take(verb, relationship, change)
        change.write(relationship)
        change.record(event, relationship)
    return relationship


async def relation_of(change: Change, supplier_id: UUID) -> tuple[TradingRelationship, int]:
    """The buyer's own relationship, locked, and the version of what is shown of the supplier; none is 404."""
    of_both = "buyer_id = $1 and supplier_id = $2"
    values = (change.actor.organisation_id, supplier_id)
    await change.fetch(f"select 1 from trading_relationship where {of_both} for no key update", *values)
    found = await change.rows(TradingRelationship, of_both, *values)
    if not found:
        raise NotFound()
    own = await change.value("select version from organisation where id = $1", supplier_id)
    return found[0], found[0].version + own


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
