"""Identifiers: UUID version 7 (RFC 9562 §5.7), made in the client so that a whole document is written in one statement.

They sort by time of creation, which keeps indexes compact and lets append-only tables be partitioned by their id.
"""

import os
import time
from uuid import UUID

_VERSION = 7 << 76
_VARIANT = 2 << 62


def id_of(text: str) -> UUID | None:
    """The id that is written there, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


def new_id() -> UUID:
    """A new UUIDv7: 48 bits of milliseconds, 12 bits of the fraction of the millisecond, 62 random bits."""
    nanoseconds = time.time_ns()
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    fraction = (rest << 12) // 1_000_000
    random = int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=(milliseconds << 80) | _VERSION | (fraction << 64) | _VARIANT | random)
