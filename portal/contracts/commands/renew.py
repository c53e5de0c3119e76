"""Contracts that go on by themselves: renewed on their last day, unless one side gave notice in time."""

from datetime import date
from uuid import UUID

from portal.contracts.commands.reasons import said
from portal.contracts.events import ContractNoticeGiven, ContractRenewed
from portal.contracts.rules import notice_until, renewed_to
from portal.contracts.states import CONTRACT
from portal.contracts.tables import Contract
from portal.organisations.queries import terms
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.work import Change, changing


async def give_notice(actor: Actor, contract_id: UUID, reason: str = "") -> Contract:
    """Say for one's side that a contract ends on its last day instead of being renewed; both sides read why.

    What counts is the day where the buyer is. Notice is given for good: who wants to go on agrees on it anew.
    """
    async with changing(actor, Contract, contract_id) as (change, contract):
        CONTRACT.take("give_notice", contract, change)
        reason = said("give_notice", reason)
        agreed = await terms(change, contract.buyer_id, contract.supplier_id)
        assert agreed is not None, "who has a contract trades, or did"
        until = notice_until(contract)
        if local_date(change.now, agreed.buyer.time_zone) > until:
            text = _(
                "Notice had to be given by {day}, so it is renewed once more. Give notice for the period after that.",
                day=until,
            )
            raise Conflict(text, subject_id=contract.id)
        contract.notice_side = "buyer" if actor.organisation_id == contract.buyer_id else "supplier"
        contract.notice_given_by, contract.notice_at, contract.notice_reason = actor.person_id, change.now, reason
        change.write(contract)
        change.record(ContractNoticeGiven(contract.id, reason), contract)
    return contract


def renew(change: Change, contract: Contract, today: date) -> None:
    """Let it go on by its period, or by several where nobody looked for so long. Limits stay: they are of the whole."""
    CONTRACT.take("renew", contract, change)
    contract.valid_to = renewed_to(contract.valid_to, contract.renewal_months, today)
    contract.renewals += 1
    change.record(ContractRenewed(contract.id, contract.valid_to), contract)
