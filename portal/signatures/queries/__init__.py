"""What this portal issued, and what is signed."""

from portal.signatures.queries.lists import MOST_FOUND, OPEN, ORDERS, SigningFilter, SigningList, signing_list, to_sign
from portal.signatures.queries.one import is_signed_with, known_files, partners, signing, signing_row
from portal.signatures.queries.people import able_to_sign, today

__all__ = [
    "MOST_FOUND",
    "OPEN",
    "ORDERS",
    "SigningFilter",
    "SigningList",
    "able_to_sign",
    "is_signed_with",
    "known_files",
    "partners",
    "signing",
    "signing_list",
    "signing_row",
    "to_sign",
    "today",
]
