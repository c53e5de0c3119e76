"""What a contract's document is set from."""

from typing import Any
from uuid import UUID

from portal.contracts.queries.one import contract_row
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.work import View

_ROUND = "select snapshot from contract_round where contract_id = $1 and revision = $2"


async def snapshot_of_contract(view: View, contract_id: UUID) -> dict[str, Any]:
    """The present round as it was frozen; a draft has none."""
    contract = await contract_row(view, contract_id)
    snapshot = await view.value(_ROUND, contract_id, contract.revision)
    if snapshot is None:
        message = _("This contract was not shown to the supplier yet, so there is no document of it.")
        raise Conflict(message, subject_id=contract_id)
    return snapshot
