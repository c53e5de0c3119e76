"""Ends of contracts: by their last day, or terminated for a reason; and the word before, in time for a notice."""

from uuid import UUID

from portal.contracts.events import ContractEnding, ContractExpired, ContractTerminated
from portal.contracts.states import CONTRACT
from portal.contracts.tables import Contract
from portal.platform.actor import Actor
from portal.platform.work import changing

REVIEW = "contracts.review"
MOST = 200  # contracts that one run looks after; the next run goes on
_DUE = """buyer_id = $1 and state = 'active' and (valid_to < $2
  or (valid_to - notice_days <= $2 and warned_of is distinct from valid_to))
order by valid_to, id limit {most} for no key update"""


async def terminate(actor: Actor, contract_id: UUID, reason: str = "") -> Contract:
    """End a contract that is in force before its last day; both sides read why."""
    async with changing(actor, Contract, contract_id) as (change, contract):
        CONTRACT.take("terminate", contract, change)
        contract.ended_at, contract.reason = change.now, reason
        change.write(contract)
        change.record(ContractTerminated(contract.id, reason), contract)
    return contract


async def review(actor: Actor) -> int:
    """Expire what is over by the company's own day, and announce once what ends soon; gives how many of both."""
    async with changing(actor) as change:
        today = await change.value(
            "select (portal.now() at time zone time_zone)::date from organisation where id = $1", actor.organisation_id
        )
        due = await change.rows(Contract, _DUE.format(most=MOST), actor.organisation_id, today)
        for contract in due:
            if contract.valid_to < today:
                CONTRACT.take("expire", contract, change)
                contract.ended_at = change.now
                change.record(ContractExpired(contract.id), contract)
            else:
                contract.warned_of = contract.valid_to
                change.record(ContractEnding(contract.id, contract.valid_to), contract)
        change.write_all(due)
    return len(due)
