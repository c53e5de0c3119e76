"""Pure rules of contracts: what one may come to at most, how much of it is left, which price wins, what changed."""

from portal.contracts.rules.amount import most
from portal.contracts.rules.caps import Called, at_most, beyond_quantity, beyond_value, counted
from portal.contracts.rules.differences import TEXTS, Difference, Piece, differences, words
from portal.contracts.rules.facts import facts_of
from portal.contracts.rules.prices import Asked, Judged, Offer, in_basis, judged, winner

__all__ = [
    "TEXTS",
    "Asked",
    "Called",
    "Difference",
    "Judged",
    "Offer",
    "Piece",
    "at_most",
    "beyond_quantity",
    "beyond_value",
    "counted",
    "differences",
    "facts_of",
    "in_basis",
    "judged",
    "most",
    "winner",
    "words",
]
