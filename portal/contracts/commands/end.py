"""Ends of contracts: by their last day, or terminated for a reason; and the word before, in time for a notice."""

from datetime import date, timedelta
from uuid import UUID

from portal.contracts.events import (
    ContractEnding,
    ContractExpired,
    ContractLastDays,
    ContractNearlyUsed,
    ContractTerminated,
    ContractUsedUp,
)
from portal.contracts.states import CONTRACT
from portal.contracts.tables import Contract
from portal.platform.actor import Actor
from portal.platform.work import Change, changing

REVIEW = "contracts.review"
MOST = 200  # contracts that one run looks after; the next run goes on
LAST_DAYS = 7
NEARLY, ALL = 80, 100  # percent of a cap, without its allowance
_DUE = """buyer_id = $1 and state = 'active' and (valid_to < $2 or id = any($4)
  or (valid_to - notice_days <= $2 and warned_of is distinct from valid_to)
  or (valid_to - $3::int <= $2 and warned_last is distinct from valid_to))
order by id limit {most} for no key update"""
_USED = f"""
select id, used from (
  select c.id, c.warned_used,
    case when s.share >= {ALL} then {ALL} when s.share >= {NEARLY} then {NEARLY} else 0 end as used
  from contract c cross join lateral (
    select max(share) as share from (
      select sum(u.amount) * 100 / c.value_cap as share from contract_call_off u where u.contract_id = c.id
      union all
      select sum(u.counted) * 100 / t.quantity from contract_term t
        join contract_call_off u on u.contract_id = t.contract_id and u.item_id = t.item_id
        where t.contract_id = c.id and t.quantity is not null group by t.id) each) s
  where c.buyer_id = $1 and c.state = 'active' and c.warned_used < {ALL}) c
where used > warned_used order by id limit $2
"""


async def terminate(actor: Actor, contract_id: UUID, reason: str = "") -> Contract:
    """End a contract that is in force before its last day; both sides read why."""
    async with changing(actor, Contract, contract_id) as (change, contract):
        CONTRACT.take("terminate", contract, change)
        contract.ended_at, contract.reason = change.now, reason
        change.write(contract)
        change.record(ContractTerminated(contract.id, reason), contract)
    return contract


async def review(actor: Actor) -> int:
    """Expire what is over by the company's own day, and announce what ends soon or is nearly used up, once each; gives
    of how many contracts."""
    async with changing(actor) as change:
        today = await change.value(
            "select (portal.now() at time zone time_zone)::date from organisation where id = $1", actor.organisation_id
        )
        used = {row["id"]: row["used"] for row in await change.fetch(_USED, actor.organisation_id, MOST)}
        due = await change.rows(Contract, _DUE.format(most=MOST), actor.organisation_id, today, LAST_DAYS, list(used))
        for contract in due:
            if contract.valid_to < today:
                CONTRACT.take("expire", contract, change)
                contract.ended_at = change.now
                change.record(ContractExpired(contract.id), contract)
            else:
                _announce(change, contract, today, used.get(contract.id, 0))
        change.write_all(due)
    return len(due)


def _announce(change: Change, contract: Contract, today: date, used: int) -> None:
    """The last days say more than the notice before them, all of a cap more than four fifths of it."""
    ends = contract.valid_to
    if contract.warned_last != ends and ends - timedelta(days=LAST_DAYS) <= today:
        contract.warned_of = contract.warned_last = ends
        change.record(ContractLastDays(contract.id, ends), contract)
    elif contract.warned_of != ends and ends - timedelta(days=contract.notice_days) <= today:
        contract.warned_of = ends
        change.record(ContractEnding(contract.id, ends), contract)
    if used > contract.warned_used:
        contract.warned_used = used
        change.record((ContractUsedUp if used == ALL else ContractNearlyUsed)(contract.id), contract)
