"""Which event tells whom what of which record, and for how long a mail is worth sending."""

from datetime import timedelta

from portal.messaging.rules.accounts import ON_ACCOUNTS, ON_ALERTS
from portal.messaging.rules.changes import ON_CHANGES
from portal.messaging.rules.contracts import ON_CONTRACTS
from portal.messaging.rules.house import ON_RULES
from portal.messaging.rules.notices import ON_BUSINESS
from portal.messaging.rules.oversight import ON_OVERSIGHT
from portal.messaging.rules.records import MOST_LINES, PARTNER, RECORDS, TOLD, Record
from portal.messaging.rules.shapes import Involved, May, Meant, Notice
from portal.messaging.rules.signings import ON_SIGNINGS

NOTICES = ON_BUSINESS | ON_CONTRACTS | ON_SIGNINGS | ON_CHANGES | ON_RULES | ON_OVERSIGHT | ON_ACCOUNTS | ON_ALERTS
STALE = timedelta(days=3)  # what happened longer ago (an outage, an import of history) is news to nobody
GIVEN_UP = timedelta(days=3)  # so long a mail is tried again when nobody takes it
BATCH = 200  # so many mails are looked after in one transaction
LEFT_OVER = timedelta(minutes=30)  # so old is a mail that its own job no longer looks after

__all__ = [
    "BATCH",
    "GIVEN_UP",
    "LEFT_OVER",
    "MOST_LINES",
    "NOTICES",
    "PARTNER",
    "RECORDS",
    "STALE",
    "TOLD",
    "Involved",
    "May",
    "Meant",
    "Notice",
    "Record",
    "one_line",
]


def one_line(text: str) -> str:
    """The text as a header of a mail can carry it: one line of printable signs."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
