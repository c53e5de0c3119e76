"""Saying something about a contract to the other side: kept for good, beside its terms and no part of them."""

from uuid import UUID

from portal.contracts.events import ContractCommented
from portal.contracts.forms import CommentForm
from portal.contracts.tables import Contract, ContractComment
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict
from portal.platform.work import changing

MOST = 500


async def comment_on(actor: Actor, contract_id: UUID, form: CommentForm) -> Contract:
    """Add a comment that both sides read, in whatever state the contract is."""
    async with changing(actor, Contract, contract_id) as (change, contract):
        change.require("contracts:comment", contract)
        if contract.shown_to is None:
            raise Conflict(_("Only your company sees this draft: nobody would read it."), subject_id=contract.id)
        said = await change.value("select count(*) from contract_comment where contract_id = $1", contract.id)
        if said >= MOST:
            raise Conflict(
                _("There are {most} comments already. Talk to each other.", most=MOST), subject_id=contract.id
            )
        change.add(
            ContractComment(
                id=new_id(),
                contract_id=contract.id,
                buyer_id=contract.buyer_id,
                supplier_id=contract.supplier_id,
                shown_to=contract.supplier_id,
                organisation_id=actor.organisation_id,
                comment=form.comment,
                created_by=actor.person_id,
                created_at=change.now,
            )
        )
        change.record(ContractCommented(contract.id, form.comment), contract)
    return contract
