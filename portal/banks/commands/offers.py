"""Between a supplier's account and its buyers: offering a version to each of them, and ending it everywhere."""

from collections.abc import Sequence
from typing import Any

from portal.banks.events import BankAccountOffered, BankApprovalEnded
from portal.banks.states import APPROVAL, P
from portal.banks.tables import BankAccount, BankApproval
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from portal.platform.work import Change, changing

OFFER = "banks.offer"
# Those who trade with the supplier now, and were not told of the version yet.
_BUYERS = """
select r.buyer_id, r.supplier_name, a.id as account_id from trading_relationship r, unnest($2::uuid[]) as a (id)
where r.supplier_id = $1 and r.state in ('approved', 'on_hold')
  and not exists (select from bank_approval p where p.buyer_id = r.buyer_id and p.bank_account_id = a.id)
order by r.buyer_id, a.id"""
_UNDECIDED = frozenset({P.OFFERED, P.PROPOSED, P.DECLINED, P.REVOKED})


async def offer(change: Change, accounts: Sequence[BankAccount]) -> list[BankApproval]:
    """Ask every buyer that was not asked yet to check these versions."""
    known = {account.id: account for account in accounts}
    found = await change.fetch(_BUYERS, change.actor.organisation_id, list(known))
    return change.add_all(BankApproval, [_offered(change, row, known[row["account_id"]]) for row in found])


def tell(change: Change, approvals: Sequence[BankApproval]) -> None:
    for approval in approvals:
        change.record(BankAccountOffered(approval.id, approval.buyer_id), approval)


async def offer_missing(actor: Actor) -> int:
    """Offer what is confirmed to whoever began to trade with the supplier meanwhile; gives how many that were."""
    async with changing(actor) as change:
        accounts = await change.rows(
            BankAccount,
            "supplier_id = $1 and state = 'confirmed' order by id for no key update",
            actor.organisation_id,
        )
        made = await offer(change, accounts)
        tell(change, made)
    return len(made)


async def close(change: Change, account: BankAccount, reason: str, *, undecided: bool = False) -> None:
    """End the version at every buyer, or where it was not approved alone. What a buyer was to stop paying to in favour
    of an approved one goes on."""
    approvals = await change.rows(
        BankApproval, "bank_account_id = $1 and state <> 'ended' order by id for no key update", account.id
    )
    ended = [each for each in approvals if not undecided or each.state in _UNDECIDED]
    for approval in ended:
        if approval.state == P.APPROVED:
            await let_go_on(change, approval)
        APPROVAL.take("end", approval, change)
        approval.reason = reason
        change.record(BankApprovalEnded(approval.id, reason), approval)
    change.write_all(ended)


async def let_go_on(change: Change, approval: BankApproval) -> None:
    """What was to give way to this approval is paid without end again, unless it gave way already."""
    if approval.payable_from is None or approval.payable_from <= change.now:
        return
    for before in await earlier(change, approval, "payable_until = $3", approval.payable_from):
        before.payable_until = None
        change.write(before)


async def earlier(change: Change, approval: BankApproval, which: str, value: Any) -> list[BankApproval]:
    """The same buyer's approvals of earlier versions of the account, those of `which` ($3), locked."""
    versions = """select e.id from bank_account e join bank_account a on a.origin = e.origin and a.revision > e.revision
      where a.id = $2"""
    condition = f"buyer_id = $1 and state = 'approved' and bank_account_id in ({versions}) and {which}"
    values = (approval.buyer_id, approval.bank_account_id, value)
    return await change.rows(BankApproval, f"{condition} order by id for no key update", *values)


def _offered(change: Change, row: Any, account: BankAccount) -> dict[str, Any]:
    return {
        "id": new_id(),
        "buyer_id": row["buyer_id"],
        "supplier_id": account.supplier_id,
        "shown_to": account.supplier_id,
        "supplier_name": row["supplier_name"],
        "bank_account_id": account.id,
        "number": account.number,
        "version": 1,
        "state": "offered",
        "created_by": account.created_by,
        "created_at": change.now,
        "submitted_by": None,
        "submitted_at": None,
        "call_back": "",
        "decided_by": None,
        "decided_at": None,
        "payable_from": None,
        "payable_until": None,
        "reason": "",
    }
