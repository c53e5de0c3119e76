"""From an approval into force on paper: recorded by a second person, confirmed by the supplier."""

from datetime import timedelta
from uuid import UUID

from portal.access.duties import separate
from portal.contracts.events import ContractActivated, ContractRecorded, ContractSigning
from portal.contracts.forms import SignedForm
from portal.contracts.states import CONTRACT
from portal.contracts.tables import Contract
from portal.evidence.queries import rows_of
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.wiring import Job
from portal.platform.work import Change, changing

REVIEW = "contracts.review"
SERVED = ("clean", "unscanned")
_EARLIEST_ZONE = timedelta(hours=14)  # somewhere it is tomorrow already


async def sign(actor: Actor, contract_id: UUID) -> Contract:
    """Lay an approved contract before both sides to be signed on paper."""
    async with changing(actor, Contract, contract_id) as (change, contract):
        CONTRACT.take("sign", contract, change)
        change.write(contract)
        change.record(ContractSigning(contract.id), contract)
    return contract


async def record(actor: Actor, contract_id: UUID, form: SignedForm) -> Contract:
    """Say as a second person that both sides signed on paper, by its scan. The supplier brings it into force.

    It must see the scan, since it confirms just that. A mistake is recorded anew until then.
    """
    async with changing(actor, Contract, contract_id) as (change, contract):
        CONTRACT.take("record", contract, change)
        await separate(change, "contracts:record", contract.id)
        if form.signed_on > (change.now + _EARLIEST_ZONE).date():
            raise Invalid.field("signed_on", _("This day is still to come."))
        await _require_scan(change, contract, form.file_id)
        contract.signed_how, contract.signed_on, contract.file_id = "paper", form.signed_on, form.file_id
        contract.signed_for_buyer, contract.signed_for_supplier = form.signed_for_buyer, form.signed_for_supplier
        contract.recorded_by, contract.recorded_at = actor.person_id, change.now
        change.write(contract)
        change.record(ContractRecorded(contract.id, form.signed_on), contract)
    return contract


async def acknowledge(actor: Actor, contract_id: UUID) -> Contract:
    """Confirm as the supplier that the recorded paper is what both signed: the contract is in force."""
    async with changing(actor, Contract, contract_id) as (change, contract):
        CONTRACT.take("acknowledge", contract, change)
        into_force(change, contract)
    return contract


def into_force(change: Change, contract: Contract) -> None:
    """An amendment only holds from its first day on: the buyer's own job lets it, at once where that day is here."""
    contract.activated_at = change.now
    change.write(contract)
    if contract.amends_id is not None:
        change.later(Job(REVIEW, contract.buyer_id, {}))
    change.record(ContractActivated(contract.id), contract)


async def _require_scan(change: Change, contract: Contract, file_id: UUID) -> None:
    found = {file.id: file for file in await rows_of(change, "contract", contract.id)}
    file = found.get(file_id)
    if file is None or file.state not in SERVED or file.shown_to != contract.supplier_id:
        raise Invalid.field("file_id", _("Attach the scan to this contract first, for both sides to see."))
