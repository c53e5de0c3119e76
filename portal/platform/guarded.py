"""The fields that not everybody sees who sees their record: the one list of them, by kind of record.

For each kind, the permission that a field takes. Whatever leaves the portal is passed through `scope.visible` with its
kind; `tests/promises/test_field_scope.py` walks every address in every form with people who lack a permission. Full
numbers of bank accounts are fields of nothing: they are asked for one by one.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from portal.platform.scope import Guarded

PRICES, NOTES, ACCOUNTS = "prices:read", "internal-notes:read", "bank-accounts:read"
FIELDS: Final[Mapping[str, Guarded]] = MappingProxyType(
    {
        "order": {
            PRICES: frozenset({"unit_price", "net", "tax", "gross", "discount", "contract_price"}),
            NOTES: frozenset({"internal_note", "cost_centre", "purchasing_group", "return_reason", "tolerances"}),
        },
        "order-change": {PRICES: frozenset({"unit_price", "net", "discount", "before", "gross", "effect", "added"})},
        "order-template": {
            PRICES: frozenset({"unit_price", "discount"}),
            NOTES: frozenset({"internal_note"}),
        },
        "contract": {
            PRICES: frozenset({"unit_price", "value_cap", "gross", "called_off_value", "left_value", "open_value"}),
            NOTES: frozenset({"internal_note"}),
        },
        "debit-note": {PRICES: frozenset({"amount", "value"})},
        "service-entry": {PRICES: frozenset({"net"})},
        "invoice": {
            PRICES: frozenset(
                {
                    *("unit_price", "ordered_price", "net", "tax", "gross", "base", "discount", "allowance", "charge"),
                    *("amount", "credited", "paid", "left", "set_off", "prepaid", "rounding", "due"),
                }
            ),
            ACCOUNTS: frozenset({"account"}),
        },
        "invoice-row": {PRICES: frozenset({"net", "tax", "gross", "prepaid", "rounding", "due"})},
        "match": {PRICES: frozenset({"unit_price", "ordered_price", "net", "discount", "charge", "corrected"})},
        "item": {PRICES: frozenset({"unit_price"})},
        "bought": {PRICES: frozenset({"price", "last_price", "paid", "asked", "currency_of_price"})},
        "month": {PRICES: frozenset({"ordered", "invoiced"})},
        "judged-line": {PRICES: frozenset({"expected", "actual"})},
    }
)
