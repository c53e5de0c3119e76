"""What organisations agreed on, whom they trade with, and what they count with."""

from portal.organisations.queries.offered import Rate, exchange_rates, payment_term, payment_terms, rate_of, terms_named
from portal.organisations.queries.suppliers import (
    MOST_CHOICES,
    MOST_FOUND,
    Choices,
    alike,
    customer_choices,
    first_invited,
    hosted,
    overrides,
    registered_as,
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
    "alike",
    "consequences_of",
    "customer_choices",
    "exchange_rates",
    "first_invited",
    "hosted",
    "overrides",
    "party_of",
    "payment_term",
    "payment_terms",
    "rate_of",
    "registered_as",
    "relationships",
    "site_choices",
    "supplier",
    "supplier_choices",
    "supplier_currency",
    "suppliers",
    "terms",
    "terms_named",
]
