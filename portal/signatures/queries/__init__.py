"""What this portal issued, and what is signed."""

from portal.signatures.queries.lists import MOST_FOUND, OPEN, ORDERS, SigningFilter, SigningList, signing_list, to_sign
from portal.signatures.queries.one import known_files, partners, signing, signing_row

__all__ = [
    "MOST_FOUND",
    "OPEN",
    "ORDERS",
    "SigningFilter",
    "SigningList",
    "known_files",
    "partners",
    "signing",
    "signing_list",
    "signing_row",
    "to_sign",
]
