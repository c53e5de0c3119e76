"""From an offer to an approval: the supplier agrees or asks for other terms, then somebody approves by amount."""

from uuid import UUID

from portal.access.duties import separate
from portal.contracts.commands.amend import require_room
from portal.contracts.commands.reasons import said
from portal.contracts.commands.rounds import Parts, freeze_amended, freeze_round, parts_of
from portal.contracts.events import (
    ContractAgreed,
    ContractApproved,
    ContractObjected,
    ContractOffered,
    ContractReopened,
)
from portal.contracts.states import CONTRACT
from portal.contracts.tables import Contract
from portal.organisations import queries as organisations
from portal.organisations.queries import Terms
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.work import Change, changing


async def offer(actor: Actor, contract_id: UUID) -> Contract:
    """Show a draft to the supplier, who agrees to it or says what is to change. Who offers it never approves it."""
    async with changing(actor, Contract, contract_id) as (change, contract):
        CONTRACT.take("offer", contract, change)
        agreed = await _require_approved(change, contract)
        await separate(change, "contracts:edit", contract.id)
        contract.offered_at, contract.submitted_by = change.now, actor.person_id
        contract.shown_to = contract.supplier_id
        await require_room(change, contract)
        parts = await _shown(change, contract)
        await freeze_amended(change, contract, agreed)
        freeze_round(change, contract, parts, agreed)
        change.write(contract)
        change.record(ContractOffered(contract.id), contract)
    return contract


async def agree(actor: Actor, contract_id: UUID) -> Contract:
    """Agree as the supplier to the terms as they stand: other terms are agreed to anew."""
    async with changing(actor, Contract, contract_id) as (change, contract):
        CONTRACT.take("agree", contract, change)
        if contract.agreed_at is not None:
            raise Conflict(_("You agreed to these terms already."), subject_id=contract.id)
        contract.agreed_by, contract.agreed_at, contract.objection = actor.person_id, change.now, ""
        change.write(contract)
        change.record(ContractAgreed(contract.id), contract)
    return contract


async def object_to(actor: Actor, contract_id: UUID, reason: str = "") -> Contract:
    """Say as the supplier what is to change; an agreement that was given before is taken back."""
    async with changing(actor, Contract, contract_id) as (change, contract):
        CONTRACT.take("object", contract, change)
        reason = said("object", reason)
        contract.agreed_by = contract.agreed_at = None
        contract.objection = reason
        change.write(contract)
        change.record(ContractObjected(contract.id, reason), contract)
    return contract


async def approve(actor: Actor, contract_id: UUID) -> Contract:
    """Approve what both sides agree on, within one's limit: never by somebody who wrote or offered it."""
    async with changing(actor, Contract, contract_id) as (change, contract):
        CONTRACT.take("approve", contract, change)
        await separate(change, "contracts:approve", contract.id)
        await _require_approved(change, contract)
        await require_room(change, contract)
        contract.approved_by, contract.approved_at = actor.person_id, change.now
        change.write(contract)
        change.record(ContractApproved(contract.id), contract)
    return contract


async def reopen(actor: Actor, contract_id: UUID, reason: str = "") -> Contract:
    """Go back to negotiation: agreement, approval and a recorded paper are void, and both sides read why."""
    async with changing(actor, Contract, contract_id) as (change, contract):
        CONTRACT.take("reopen", contract, change)
        reason = said("reopen", reason)
        contract.agreed_by = contract.agreed_at = contract.approved_by = contract.approved_at = None
        contract.recorded_by = contract.recorded_at = contract.signed_on = contract.file_id = None
        contract.signed_how = contract.signed_for_buyer = contract.signed_for_supplier = ""
        change.write(contract)
        change.record(ContractReopened(contract.id, reason), contract)
    return contract


async def _shown(change: Change, contract: Contract) -> Parts:
    """All that the contract is made of, which the supplier sees from now on."""
    parts = await parts_of(change, contract.id)
    for rows in parts.values():
        for row in rows:
            row.shown_to = contract.supplier_id
        change.write_all(rows)
    return parts


async def _require_approved(change: Change, contract: Contract) -> Terms:
    agreed = await organisations.terms(change, contract.buyer_id, contract.supplier_id)
    if agreed is None or agreed.state != "approved":
        raise Conflict(
            _("{supplier} is not approved for orders yet. Ask the supplier manager.", supplier=contract.supplier_name),
            subject_id=contract.id,
        )
    return agreed
