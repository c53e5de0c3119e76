"""What organisations agreed on, whom they trade with, and what they count with."""

from portal.organisations.queries.offered import Rate, exchange_rates, payment_term, payment_terms, rate_of, terms_named
from portal.organisations.queries.suppliers import (
    MOST_CHOICES,
    MOST_FOUND,
    Choices,
    customer_choices,
    holds,
    overrides,
    own_today,
    relationships,
    site_choices,
    supplier,
    supplier_choices,
    supplier_currency,
    suppliers,
)
from portal.organisations.queries.terms import Party, Terms, party_of, terms
from portal.organisations.rules import CONSEQUENCES, consequences_of

__all__ = [
    "CONSEQUENCES",
    "MOST_CHOICES",
    "MOST_FOUND",
    "Choices",
    "Party",
    "Rate",
    "Terms",
    "consequences_of",
    "customer_choices",
    "exchange_rates",
    "holds",
    "overrides",
    "own_today",
    "party_of",
    "payment_term",
    "payment_terms",
    "rate_of",
    "relationships",
    "site_choices",
    "supplier",
    "supplier_choices",
    "supplier_currency",
    "suppliers",
    "terms",
    "terms_named",
]
