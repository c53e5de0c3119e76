"""Rounds: what the supplier got to read each time, frozen for good. Documents are set from it, never from live rows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from portal.clauses.queries import filled
from portal.contracts.rules import facts_of
from portal.contracts.states import S
from portal.contracts.tables import (
    Contract,
    ContractClause,
    ContractDeliverable,
    ContractDelivery,
    ContractServiceLevel,
    ContractTerm,
)
from portal.organisations import queries as organisations
from portal.organisations.queries import Terms
from portal.platform.work import Change

_HEADER = (
    "number", "amends_number", "revision", "title", "kind", "currency", "valid_from", "valid_to", "notice_days",
    "renewal_months", "value_cap", "allowance", "gross", "payment_terms", "note", "revised_at", "price_day",
    "late_rate", "late_per", "late_grace", "late_cap", "retention",
)  # fmt: skip
_PRINTED = (
    "item_number", "description", "unit", "unit_price", "base_quantity", "minimum_quantity", "quantity", "valid_from",
    "valid_to",
)  # fmt: skip
_TOLD: Final[dict[str, tuple[str, ...]]] = {
    "levels": ("measure", "least", "remedy"),
    "deliverables": ("title", "detail", "due_on"),
    "deliveries": ("item_number", "description", "unit", "quantity", "due_on"),
}
_KEEP = """insert into contract_round (contract_id, revision, buyer_id, shown_to, offered_at, snapshot)
  values ($1, $2, $3, $4, $5, $6)"""


IN_ORDER = "contract_id = $1 order by position"
_KINDS: Final[dict[str, Any]] = {
    "terms": ContractTerm,
    "clauses": ContractClause,
    "levels": ContractServiceLevel,
    "deliverables": ContractDeliverable,
    "deliveries": ContractDelivery,
}
# What a contract is made of beside its own row: the parts by the names they have in forms, and where they are kept.
PARTS: Final[dict[str, str]] = {name: kind.table_name() for name, kind in _KINDS.items()}
Parts = Mapping[str, Sequence[Any]]


async def parts_of(change: Change, contract_id: UUID, **known: Sequence[Any]) -> dict[str, Sequence[Any]]:
    """All parts of a contract in their order; those that are known already are not read again."""
    read = {name: await change.rows(kind, IN_ORDER, contract_id) for name, kind in _KINDS.items() if name not in known}
    return read | known


async def begin_round(change: Change, contract: Contract, **parts: Sequence[Any]) -> None:
    """The contract says something else than before: an agreement to that is void, and what the supplier reads from now
    on is kept. A draft has no rounds yet. What is not given did not change."""
    contract.agreed_by = contract.agreed_at = None
    contract.objection = ""
    contract.version += 1  # though the contract's own row may be the same: nobody agrees to what they did not see
    if contract.state != S.IN_NEGOTIATION:
        return
    agreed = await organisations.terms(change, contract.buyer_id, contract.supplier_id)
    assert agreed is not None, "who negotiates trades, or did"
    contract.revision += 1
    freeze_round(change, contract, await parts_of(change, contract.id, **parts), agreed)


def freeze_round(change: Change, contract: Contract, parts: Parts, agreed: Terms) -> None:
    """Keep this round as the supplier gets it, parties and their addresses included."""
    contract.revised_at = change.now
    said = _said(contract, parts, agreed)
    change.sql(_KEEP, contract.id, contract.revision, contract.buyer_id, contract.supplier_id, change.now, said)


async def freeze_amended(change: Change, amendment: Contract, agreed: Terms) -> None:
    """Before the first round of an amendment, keep what holds now: what differs from that is what it changes."""
    if amendment.amends_id is None:
        return
    contract = await change.row(Contract, amendment.amends_id, lock=False)
    said = _said(contract, await parts_of(change, contract.amendment_id or contract.id), agreed)
    change.sql(_KEEP, amendment.id, 0, amendment.buyer_id, amendment.supplier_id, change.now, said)


def _said(contract: Contract, parts: Parts, agreed: Terms) -> dict[str, Any]:
    facts = facts_of(contract)
    return {
        "contract": {name: getattr(contract, name) for name in _HEADER},
        "lines": [_printed(term) for term in parts["terms"]],
        "clauses": [{"title": filled(c.title, facts), "text": filled(c.body, facts)} for c in parts["clauses"]],
        **{name: [{key: getattr(row, key) for key in keys} for row in parts[name]] for name, keys in _TOLD.items()},
        "buyer": msgspec.to_builtins(agreed.buyer),
        "supplier": msgspec.to_builtins(agreed.supplier),
    }


def _printed(term: ContractTerm) -> dict[str, Any]:
    return {name: getattr(term, name) for name in _PRINTED} | {"line": term.position, "price_unit": term.unit}
