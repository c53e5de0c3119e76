"""What one can do about trading partners, terms and rates: each verb is one function and one transaction."""

from portal.organisations.commands.company import edit_company
from portal.organisations.commands.holds import hold_supplier, release_supplier
from portal.organisations.commands.rates import enter_rates, set_rate_age
from portal.organisations.commands.registering import add_supplier, edit_supplier, edit_terms, invite_supplier
from portal.organisations.commands.standing import end_override, override_standing
from portal.organisations.commands.terms import agree_terms, offer_terms, retire_terms
from portal.organisations.commands.trading import (
    approve_again,
    approve_supplier,
    end_relationship,
    reinstate_relationship,
    set_standings,
    suspend_relationship,
    trade_with,
)

__all__ = [
    "add_supplier",
    "agree_terms",
    "approve_again",
    "approve_supplier",
    "edit_company",
    "edit_supplier",
    "edit_terms",
    "end_override",
    "end_relationship",
    "enter_rates",
    "hold_supplier",
    "invite_supplier",
    "offer_terms",
    "override_standing",
    "reinstate_relationship",
    "release_supplier",
    "retire_terms",
    "set_rate_age",
    "set_standings",
    "suspend_relationship",
    "trade_with",
]
