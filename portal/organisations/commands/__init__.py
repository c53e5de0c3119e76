"""What one can do about trading partners, terms and rates: each verb is one function and one transaction."""

from portal.organisations.commands.holds import hold_supplier, release_supplier
from portal.organisations.commands.rates import enter_rates
from portal.organisations.commands.standing import end_override, override_standing
from portal.organisations.commands.terms import agree_terms, offer_terms, retire_terms
from portal.organisations.commands.trading import approve_supplier, set_standings

__all__ = [
    "agree_terms",
    "approve_supplier",
    "end_override",
    "enter_rates",
    "hold_supplier",
    "offer_terms",
    "override_standing",
    "release_supplier",
    "retire_terms",
    "set_standings",
]
