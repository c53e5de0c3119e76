"""Rounds: what the supplier got to read each time, frozen for good. Documents are set from it, never from live rows."""

from collections.abc import Sequence
from typing import Any

import msgspec

from portal.contracts.tables import Contract, ContractTerm
from portal.organisations.queries import Terms
from portal.platform.work import Change

_HEADER = (
    "number", "revision", "title", "kind", "currency", "valid_from", "valid_to", "notice_days", "value_cap",
    "allowance", "gross", "payment_terms", "note", "revised_at",
)  # fmt: skip
_PRINTED = (
    "item_number", "description", "unit", "unit_price", "base_quantity", "minimum_quantity", "quantity",
)  # fmt: skip
_KEEP = """insert into contract_round (contract_id, revision, buyer_id, shown_to, offered_at, snapshot)
  values ($1, $2, $3, $4, $5, $6)"""


def freeze_round(change: Change, contract: Contract, terms: Sequence[ContractTerm], agreed: Terms) -> None:
    """Keep this round as the supplier gets it, parties and their addresses included."""
    contract.revised_at = change.now
    said = {
        "contract": {name: getattr(contract, name) for name in _HEADER},
        "lines": [_printed(term) for term in terms],
        "buyer": msgspec.to_builtins(agreed.buyer),
        "supplier": msgspec.to_builtins(agreed.supplier),
    }
    change.sql(_KEEP, contract.id, contract.revision, contract.buyer_id, contract.supplier_id, change.now, said)


def _printed(term: ContractTerm) -> dict[str, Any]:
    return {name: getattr(term, name) for name in _PRINTED} | {"line": term.position, "price_unit": term.unit}
