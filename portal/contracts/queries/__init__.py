"""Everything that is read about contracts. One list is one statement."""

from portal.contracts.queries.comments import comments_on
from portal.contracts.queries.lists import (
    MOST_FOUND,
    OPEN,
    ContractFilter,
    contract_list,
    contracts,
    reads_as_buyer,
    waiting_contracts,
)
from portal.contracts.queries.one import contract_out, contract_row, number_of, out_of
from portal.contracts.queries.paper import rounds_of, snapshot_of_contract
from portal.contracts.queries.performed import contract_of_deliverable, service_levels
from portal.contracts.queries.prices import OFFERED, InForce, in_force, offer_of, offered_then
from portal.contracts.queries.versions import Version, versions_of
from portal.contracts.rules import MEASURES, Asked, Called, Judged, Offer, in_basis, judged, winner

__all__ = [
    "MEASURES",
    "MOST_FOUND",
    "OFFERED",
    "OPEN",
    "Asked",
    "Called",
    "ContractFilter",
    "InForce",
    "Judged",
    "Offer",
    "Version",
    "comments_on",
    "contract_list",
    "contract_of_deliverable",
    "contract_out",
    "contract_row",
    "contracts",
    "in_basis",
    "in_force",
    "judged",
    "number_of",
    "offer_of",
    "offered_then",
    "out_of",
    "reads_as_buyer",
    "rounds_of",
    "service_levels",
    "snapshot_of_contract",
    "versions_of",
    "waiting_contracts",
    "winner",
]
