"""Pure rules of contracts: what one may come to at most, how much of it is left, which price wins, what changed,
until when it goes on."""

from portal.contracts.rules.amount import most
from portal.contracts.rules.caps import Called, at_most, beyond_quantity, beyond_value, counted
from portal.contracts.rules.differences import TEXTS, Difference, Piece, differences, words
from portal.contracts.rules.facts import facts_of
from portal.contracts.rules.measures import MEASURES
from portal.contracts.rules.prices import Asked, Judged, Offer, in_basis, judged, winner
from portal.contracts.rules.renewal import WARNED_BEFORE, goes_on, notice_until, renewed_to

__all__ = [
    "MEASURES",
    "TEXTS",
    "WARNED_BEFORE",
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
    "goes_on",
    "in_basis",
    "judged",
    "most",
    "notice_until",
    "renewed_to",
    "winner",
    "words",
]
