"""From an approval into force in the portal: the contract's own document is laid before both sides to be signed."""

from uuid import UUID

from portal.contracts.commands.sign import into_force
from portal.contracts.events import ContractDeclined, ContractReopened, ContractSigning
from portal.contracts.forms import PresentForm
from portal.contracts.states import CONTRACT
from portal.contracts.tables import Contract
from portal.documents import commands as documents
from portal.platform.actor import Actor
from portal.platform.fields import Line
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.work import Change, changing
from portal.signatures import commands as signatures
from portal.signatures.forms import NewSigning

KIND = "contract"
_PRESENTED = "signing_id = $1 for no key update"


async def present(actor: Actor, contract_id: UUID, form: PresentForm) -> Contract:
    """Open the document of what was approved for signatures of both sides. The last one brings it into force; where a
    side declines or the buyer withdraws it, it is negotiated again."""
    document, pdf = await documents.at_once(actor, KIND, contract_id)
    paper = await signatures.examined(document.number, pdf)
    async with changing(actor, Contract, contract_id) as (change, contract):
        CONTRACT.take("present", contract, change)
        if contract.recorded_at is not None:
            raise Conflict(_("A signed paper is recorded already."), subject_id=contract.id)
        if document.revision != contract.revision:
            raise Conflict(_("The terms were changed meanwhile. Look at them again."), subject_id=contract.id)
        signing = await signatures.open_within(change, _asked(contract, form), paper, KIND, contract.id)
        contract.signing_id = signing.id
        change.write(contract)
        change.record(ContractSigning(contract.id), contract)
    return contract


async def signed_by_all(change: Change, signing_id: UUID) -> None:
    """The last signature was made: the contract that it is of, if it is of one, is in force."""
    for contract in await change.rows(Contract, _PRESENTED, signing_id):
        CONTRACT.take("activate", contract, change)
        contract.signed_how = "electronic"
        into_force(change, contract)


async def not_signed(change: Change, signing_id: UUID, reason: str) -> None:
    """Somebody declined or withdrew it: agreement and approval are void, and what a supplier says against it stands on
    the contract."""
    for contract in await change.rows(Contract, _PRESENTED, signing_id):
        CONTRACT.take("give_back", contract, change)
        contract.agreed_by = contract.agreed_at = contract.approved_by = contract.approved_at = None
        contract.signing_id = None
        by_supplier = change.actor.organisation_id == contract.supplier_id
        contract.objection = reason if by_supplier else ""
        change.write(contract)
        told = ContractDeclined if by_supplier else ContractReopened
        change.record(told(contract.id, reason), contract)


def _asked(contract: Contract, form: PresentForm) -> NewSigning:
    return NewSigning(
        title=Line(f"{contract.number} · {contract.title}"),
        supplier_id=contract.supplier_id,
        own_places=form.own_places,
        their_places=form.their_places,
        first=form.first,
    )
