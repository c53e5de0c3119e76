"""Whom a mail goes to and what it says, and for how long it is tried."""

from portal.messaging.rules.notices import NOTICES
from portal.messaging.rules.shapes import (
    BATCH,
    GIVEN_UP,
    LEFT_OVER,
    MOST_LINES,
    PARTNER,
    RECORDS,
    STALE,
    TOLD,
    Involved,
    May,
    Notice,
    Record,
    one_line,
)

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
    "Notice",
    "Record",
    "one_line",
]
