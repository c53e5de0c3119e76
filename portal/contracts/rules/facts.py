"""What a contract says of itself where a clause asks for it."""

from decimal import Decimal
from typing import Any

from portal.platform.decimals import plain


def facts_of(contract: Any) -> dict[str, str]:
    """By the names that clauses know (`portal.clauses.rules.FACTS`), written the same in every language: days as
    ISO 8601, amounts with a point."""
    named = ("number", "title", "valid_from", "valid_to", "notice_days", "currency", "value_cap", "allowance")
    facts = {name: _said(getattr(contract, name)) for name in (*named, "payment_terms")}
    facts["number"] = contract.amends_number or contract.number
    return facts | {"buyer": contract.buyer_name, "supplier": contract.supplier_name}


def _said(value: Any) -> str:
    if value is None or value == "":
        return "–"
    return plain(value) if isinstance(value, Decimal) else str(value)
