"""What debit notes add to the page of a contract."""

from typing import Any, NamedTuple

from portal.debits.pages.looks import STATES
from portal.debits.queries import DebitFilter, DebitList, debit_list
from portal.platform.wiring import Panel
from portal.platform.work import View

FIRST = 8


class Late(NamedTuple):
    """The newest debit notes under a contract, where all of them are, and how their states look."""

    found: DebitList
    href: str
    looks: Any


async def _late(view: View, contract: Any) -> Late | None:
    """Of a contract that says what a delay costs."""
    if contract.late_rate is None or contract.activated_at is None or contract.amends_id is not None:
        return None
    found = await debit_list(view, DebitFilter(contract_id=contract.id), limit=FIRST, counted=False)
    return Late(found, f"/debit-notes?contract_id={contract.id}", STATES)


PANELS = {"contract": [Panel(_late, "debits/of_contract.html", 30, "debit-notes:read")]}
