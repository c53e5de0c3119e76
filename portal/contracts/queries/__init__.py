"""Everything that is read about contracts. One list is one statement."""

from portal.contracts.queries.lists import (
    MOST_FOUND,
    OPEN,
    ContractFilter,
    contract_list,
    contracts,
    reads_as_buyer,
    waiting_contracts,
)
from portal.contracts.queries.one import contract_out, contract_row, out_of

__all__ = [
    "MOST_FOUND",
    "OPEN",
    "ContractFilter",
    "contract_list",
    "contract_out",
    "contract_row",
    "contracts",
    "out_of",
    "reads_as_buyer",
    "waiting_contracts",
]
