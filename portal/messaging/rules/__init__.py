"""Which event tells whom what, and what mails say of the records that they are about."""

from portal.messaging.rules.notices import (
    BATCH,
    GIVEN_UP,
    LEFT_OVER,
    NOTICES,
    STALE,
    Involved,
    May,
    Notice,
    one_line,
)
from portal.messaging.rules.records import MOST_LINES, PARTNER, RECORDS, TOLD, Record

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
