"""Pure rules of contracts: what one may come to at most and how much of it is left, and which price wins."""

from portal.contracts.rules.amount import most
from portal.contracts.rules.caps import Called, at_most, beyond_quantity, beyond_value, counted
from portal.contracts.rules.prices import Asked, Judged, Offer, in_basis, judged, winner

__all__ = [
    "Asked",
    "Called",
    "Judged",
    "Offer",
    "at_most",
    "beyond_quantity",
    "beyond_value",
    "counted",
    "in_basis",
    "judged",
    "most",
    "winner",
]
