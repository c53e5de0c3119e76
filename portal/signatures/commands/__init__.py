"""Opening a document for signatures, naming who signs and until when, signing it in one's turn, and ending it."""

from portal.signatures.commands.day import REVIEW, review, set_day
from portal.signatures.commands.end import decline, withdraw
from portal.signatures.commands.name import name
from portal.signatures.commands.opening import examined, open_signing, open_within
from portal.signatures.commands.outside import bring_signed
from portal.signatures.commands.sign import sign

__all__ = [
    "REVIEW",
    "bring_signed",
    "decline",
    "examined",
    "name",
    "open_signing",
    "open_within",
    "review",
    "set_day",
    "sign",
    "withdraw",
]
