"""The full number, for who owns the account or pays to it: whoever looks leaves an entry in the log."""

from uuid import UUID

from portal.access.guards import require_proof
from portal.banks.commands.accounts import require_own
from portal.banks.commands.numbers import opened
from portal.banks.events import BankAccountRevealed, PayableNumberRevealed
from portal.banks.forms import AccountNumberOut
from portal.banks.tables import BankAccount, BankApproval
from portal.platform.actor import Actor
from portal.platform.refusals import NotFound
from portal.platform.work import Change, changing


async def reveal_own(actor: Actor, account_id: UUID) -> AccountNumberOut:
    """The number of one's own account. Takes a second factor."""
    async with changing(actor, BankAccount, account_id) as (change, account):
        require_own(change, account)
        change.require("bank-accounts:reveal", account)
        require_proof(actor)
        told = await _told(change, account)
        change.record(BankAccountRevealed(account.id), account)
    return told


async def reveal_payable(actor: Actor, approval_id: UUID) -> AccountNumberOut:
    """The number of a supplier's account that one pays to, or checks. Takes a second factor."""
    async with changing(actor, BankApproval, approval_id) as (change, approval):
        if approval.buyer_id != actor.organisation_id:
            raise NotFound()
        change.require("bank-accounts:reveal", approval)
        require_proof(actor)
        told = await _told(change, await change.row(BankAccount, approval.bank_account_id, lock=False))
        change.record(PayableNumberRevealed(approval.id), approval)
    return told


async def _told(change: Change, account: BankAccount) -> AccountNumberOut:
    return AccountNumberOut(await opened(change, account.id), account.bank_code, account.bic)
