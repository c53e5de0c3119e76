"""The rounds of a contract: what its document is set from, and what differs between them."""

from datetime import date
from typing import Any
from uuid import UUID

from portal.access.guards import allowed
from portal.contracts.forms import DifferenceOut, RoundOut
from portal.contracts.queries.one import GUARDED, contract_row
from portal.contracts.rules import Difference, differences
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.work import View

MOST_ROUNDS = 40  # that are shown; every one is kept
_ROUNDS = f"""
select revision, offered_at, snapshot from contract_round where contract_id = $1
order by revision desc limit {MOST_ROUNDS + 1}"""
_ROUND = "select snapshot from contract_round where contract_id = $1 and revision = $2"


async def snapshot_of_contract(view: View, contract_id: UUID) -> dict[str, Any]:
    """The present round as it was frozen; a draft has none."""
    contract = await contract_row(view, contract_id)
    snapshot = await view.value(_ROUND, contract_id, contract.revision)
    if snapshot is None:
        message = _("This contract was not shown to the supplier yet, so there is no document of it.")
        raise Conflict(message, subject_id=contract_id)
    return snapshot


async def rounds_of(view: View, contract_id: UUID) -> list[RoundOut]:
    """The newest rounds with what differs from the one before, of an amendment's first one from what held, the oldest
    first. That a price differs is no secret, by
    how much is for who may see prices."""
    await contract_row(view, contract_id)
    records = (await view.fetch(_ROUNDS, contract_id))[::-1]
    pairs = zip(records, [None, *records], strict=False)
    found = [
        RoundOut(now["revision"], now["offered_at"], _seen(view, before and before["snapshot"], now["snapshot"]))
        for now, before in pairs
    ]
    return [each for each in found if each.revision > 0][-MOST_ROUNDS:]


def _seen(view: View, before: Any, after: Any) -> list[DifferenceOut]:
    hidden = frozenset() if allowed(view.actor, "prices:read") else GUARDED["prices:read"]
    found = differences(before, after) if before else []
    return [_out(each, hidden) for each in found]


def _out(each: Difference, hidden: frozenset[str]) -> DifferenceOut:
    begins = date.fromisoformat(each.begins) if each.begins else None
    sides = [_without(hidden, each.field, side) for side in (each.before, each.after)]
    return DifferenceOut(each.item, each.since, begins, each.field, *sides)


def _without(hidden: frozenset[str], field: str, value: Any) -> Any:
    if field in hidden:
        return None
    return value | dict.fromkeys(hidden & value.keys()) if field == "term" and value else value
