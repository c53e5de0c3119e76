"""Ends of contracts: by their last day, unless they are renewed, or terminated for a reason; and the word before."""

from datetime import date, timedelta
from uuid import UUID

from portal.contracts.commands.amend import TODAY, end_amendments
from portal.contracts.commands.reasons import said
from portal.contracts.commands.renew import renew
from portal.contracts.events import (
    ContractEnding,
    ContractExpired,
    ContractLastDays,
    ContractNearlyUsed,
    ContractNoticeDue,
    ContractTerminated,
    ContractUsedUp,
)
from portal.contracts.rules import WARNED_BEFORE, goes_on, notice_until
from portal.contracts.states import CONTRACT, S
from portal.contracts.tables import Contract
from portal.platform.actor import Actor
from portal.platform.work import Change, changing

MOST = 200  # contracts that one run looks after; the next run goes on
LAST_DAYS = 7
NEARLY, ALL = 80, 100  # percent of a cap, without its allowance
_GOES_ON = "(renewal_months > 0 and notice_at is null)"
_DUE = f"""buyer_id = $1 and state = 'active' and amends_id is null and (id = any($3) or case when {_GOES_ON}
  then valid_to <= $2 or ($2 between valid_to - notice_days - {WARNED_BEFORE} and valid_to - notice_days
    and warned_of is distinct from valid_to)
  else valid_to < $2 or (valid_to - notice_days <= $2 and warned_of is distinct from valid_to)
    or (valid_to - {LAST_DAYS} <= $2 and warned_last is distinct from valid_to) end)
order by id limit {MOST} for no key update"""
_USED = f"""
select id, used from (
  select c.id, c.warned_used,
    case when s.share >= {ALL} then {ALL} when s.share >= {NEARLY} then {NEARLY} else 0 end as used
  from contract c cross join lateral (
    select max(share) as share from (
      select sum(u.amount) * 100 / c.value_cap as share from contract_call_off u where u.contract_id = c.id
      union all
      select sum(u.counted) * 100 / t.quantity from contract_term t
        join contract_call_off u on u.contract_id = c.id and u.item_id = t.item_id
        where t.contract_id = coalesce(c.amendment_id, c.id) and t.quantity is not null group by t.id) each) s
  where c.buyer_id = $1 and c.state = 'active' and c.amends_id is null and c.warned_used < {ALL}) c
where used > warned_used order by id limit $2
"""


async def terminate(actor: Actor, contract_id: UUID, reason: str = "") -> Contract:
    """End a contract that is in force before its last day; both sides read why."""
    async with changing(actor, Contract, contract_id) as (change, contract):
        CONTRACT.take("terminate", contract, change)
        await end_amendments(change, [contract])
        contract.ended_at, contract.reason = change.now, said("terminate", reason)
        change.write(contract)
        change.record(ContractTerminated(contract.id, contract.reason), contract)
    return contract


async def review(actor: Actor) -> int:
    """Renew or expire what is over by the company's own day, and announce what ends soon, is renewed soon or is nearly
    used up, once each; gives of how many contracts."""
    async with changing(actor) as change:
        today = await change.value(TODAY, actor.organisation_id)
        used = {row["id"]: row["used"] for row in await change.fetch(_USED, actor.organisation_id, MOST)}
        due = await change.rows(Contract, _DUE, actor.organisation_id, today, list(used))
        for contract in due:
            _look_after(change, contract, today, used.get(contract.id, 0))
        change.write_all(due)
        await end_amendments(change, [each for each in due if each.state == S.EXPIRED])
    return len(due)


def _look_after(change: Change, contract: Contract, today: date, used: int) -> None:
    """On its last day a contract is renewed, so that no day is without it; after that day another one is over."""
    if contract.valid_to < today and not goes_on(contract):
        CONTRACT.take("expire", contract, change)
        contract.ended_at = change.now
        change.record(ContractExpired(contract.id), contract)
        return
    if contract.valid_to <= today and goes_on(contract):
        renew(change, contract, today)
    _announce(change, contract, today)
    if used > contract.warned_used:
        contract.warned_used = used
        change.record((ContractUsedUp if used == ALL else ContractNearlyUsed)(contract.id), contract)


def _announce(change: Change, contract: Contract, today: date) -> None:
    """The last day for a notice in time; of what ends, its last days say more than the word before them."""
    ends = contract.valid_to
    if goes_on(contract):
        until = notice_until(contract)
        if contract.warned_of != ends and until - timedelta(days=WARNED_BEFORE) <= today <= until:
            contract.warned_of = ends
            change.record(ContractNoticeDue(contract.id, until), contract)
    elif contract.warned_last != ends and ends - timedelta(days=LAST_DAYS) <= today:
        contract.warned_of = contract.warned_last = ends
        change.record(ContractLastDays(contract.id, ends), contract)
    elif contract.warned_of != ends and ends - timedelta(days=contract.notice_days) <= today:
        contract.warned_of = ends
        change.record(ContractEnding(contract.id, ends), contract)
