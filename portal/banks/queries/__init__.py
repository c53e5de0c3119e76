"""Bank accounts as their readers see them: a supplier's own, a buyer's of its suppliers, and who shares one."""

from portal.banks.queries.checked import (
    OPEN,
    approval_of_either,
    approval_row,
    payable_accounts,
    shared_in_company,
    supplier_account,
    supplier_accounts,
    to_approve,
    to_check,
    was_offered,
    was_offered_another,
)
from portal.banks.queries.own import account_row, own_account, own_accounts, own_staff_account, to_confirm

__all__ = [
    "OPEN",
    "account_row",
    "approval_of_either",
    "approval_row",
    "own_account",
    "own_accounts",
    "own_staff_account",
    "payable_accounts",
    "shared_in_company",
    "supplier_account",
    "supplier_accounts",
    "to_approve",
    "to_check",
    "to_confirm",
    "was_offered",
    "was_offered_another",
]
