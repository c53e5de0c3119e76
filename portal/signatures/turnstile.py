"""A turnstile for who is not known: so many times a minute from one address, whatever they ask for.

It counts in this process alone and keeps nothing: a new minute begins with an empty list.
"""

import time
from collections import Counter
from typing import Final

from portal.platform.i18n import _
from portal.platform.refusals import TooMany

WINDOW: Final = 60  # seconds
MOST: Final = 20  # of one address
MOST_ADDRESSES: Final = 10_000  # after so many nobody else is let in until the minute is over


class Turnstile:
    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._window = 0
        self._seen: Counter[str] = Counter()

    def pass_through(self, address: str) -> None:
        """Count one; raises `TooMany` from an address that was here too often."""
        window = int(time.monotonic() // WINDOW)
        if window != self._window:
            self._window = window
            self._seen.clear()
        full = len(self._seen) >= MOST_ADDRESSES and address not in self._seen
        if full or self._seen[address] >= self.most:
            raise TooMany(_("That was often. Wait a minute, then go on."), retry_after=WINDOW)
        self._seen[address] += 1


TURNSTILE = Turnstile()  # of everybody who verifies a document, on the page or by the API
