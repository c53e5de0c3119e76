"""Pure rules of contracts: what a contract may come to at most, and which of several prices wins."""

from portal.contracts.rules.amount import most
from portal.contracts.rules.prices import Asked, Judged, Offer, in_basis, judged, winner

__all__ = ["Asked", "Judged", "Offer", "in_basis", "judged", "most", "winner"]
