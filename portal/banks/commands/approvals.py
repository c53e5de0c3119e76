"""A buyer's approval of an account: one person calls back and proposes it, another approves it, then it cools off."""

from datetime import timedelta
from uuid import UUID

from portal.access.duties import separate
from portal.access.guards import require_proof
from portal.banks.commands.offers import earlier, let_go_on
from portal.banks.events import (
    BankAccountApproved,
    BankApprovalDeclined,
    BankApprovalProposed,
    BankApprovalRevoked,
)
from portal.banks.forms import CallBackForm
from portal.banks.states import APPROVAL
from portal.banks.tables import BankApproval
from portal.platform.actor import Actor
from portal.platform.refusals import NotFound
from portal.platform.work import Change, changing


async def propose(actor: Actor, approval_id: UUID, form: CallBackForm) -> BankApproval:
    """Say that the account is right, and how you made sure: whom you called, at a number known from before. Takes a
    second factor; who proposes an account notes no payment to it."""
    async with changing(actor, BankApproval, approval_id) as (change, approval):
        _require_buying(change, approval)
        APPROVAL.take("propose", approval, change)
        require_proof(actor)
        await separate(change, "bank-accounts:propose", approval.id)
        approval.submitted_by, approval.submitted_at = actor.person_id, change.now
        approval.call_back, approval.reason = form.call_back, ""
        approval.decided_by = approval.decided_at = approval.payable_from = approval.payable_until = None
        change.write(approval)
        change.record(BankApprovalProposed(approval.id), approval)
    return approval


async def approve(actor: Actor, approval_id: UUID) -> BankApproval:
    """Approve as a second person; payments may go there once the company's cool-off is over, and until then to the
    version before. Takes a second factor."""
    async with changing(actor, BankApproval, approval_id) as (change, approval):
        _require_buying(change, approval)
        APPROVAL.take("approve", approval, change)
        require_proof(actor)
        await separate(change, "bank-accounts:approve", approval.id)
        days = await change.value(
            "select bank_cool_off_days from organisation where id = $1 for share", actor.organisation_id
        )
        approval.decided_by, approval.decided_at = actor.person_id, change.now
        approval.payable_from = change.now + timedelta(days=days)
        change.write(approval)
        await _replace(change, approval)
        change.record(BankAccountApproved(approval.id, approval.payable_from), approval)
    return approval


async def refuse(actor: Actor, approval_id: UUID, reason: str = "") -> BankApproval:
    """Say that nothing will be paid to this account; its supplier reads why."""
    async with changing(actor, BankApproval, approval_id) as (change, approval):
        _require_buying(change, approval)
        APPROVAL.take("decline", approval, change)
        approval.decided_by, approval.decided_at, approval.reason = actor.person_id, change.now, reason
        change.write(approval)
        change.record(BankApprovalDeclined(approval.id, reason), approval)
    return approval


async def revoke(actor: Actor, approval_id: UUID, reason: str = "") -> BankApproval:
    """Stop paying to this account at once. One that it was to replace goes on being paid."""
    async with changing(actor, BankApproval, approval_id) as (change, approval):
        _require_buying(change, approval)
        APPROVAL.take("revoke", approval, change)
        await let_go_on(change, approval)
        approval.decided_by, approval.decided_at, approval.reason = actor.person_id, change.now, reason
        change.write(approval)
        change.record(BankApprovalRevoked(approval.id, reason), approval)
    return approval


async def _replace(change: Change, approval: BankApproval) -> None:
    """Versions before are paid until this one may be."""
    which = "(payable_until is null or payable_until > $3)"
    for before in await earlier(change, approval, which, approval.payable_from):
        before.payable_until = approval.payable_from
        change.write(before)


def _require_buying(change: Change, approval: BankApproval) -> None:
    """A supplier sees how its accounts stand at a buyer, under addresses of its own."""
    if approval.buyer_id != change.actor.organisation_id:
        raise NotFound()
