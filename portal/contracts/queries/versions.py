"""The versions of a contract: as it was first signed, and each amendment of it."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from portal.contracts.tables import Contract
from portal.platform.work import View

_AMENDMENTS = """
select id, number, state, valid_from, applied_at, ended_at from contract where amends_id = $1
order by created_at, id limit 200
"""


class Version(NamedTuple):
    """It holds, or held, from `since` `until`; one that is to hold begins on `begins`."""

    id: UUID
    number: str
    state: str
    begins: date
    since: datetime | None
    until: datetime | None


async def versions_of(view: View, contract: Contract) -> list[Version]:
    """All versions that their reader may see, the first one first; none of a contract that was never amended."""
    records = await view.fetch(_AMENDMENTS, contract.amends_id or contract.id)
    if not records or contract.amends_id is not None:
        return []
    amended = min((each["applied_at"] for each in records if each["applied_at"]), default=contract.ended_at)
    first = Version(contract.id, contract.number, contract.state, contract.valid_from, contract.activated_at, amended)
    return [
        first,
        *(
            Version(
                r["id"],
                r["number"],
                r["state"],
                r["valid_from"],
                r["applied_at"],
                r["ended_at"] if r["applied_at"] else None,
            )
            for r in records
        ),
    ]
