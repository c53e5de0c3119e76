"""Control sums over entries: what an auditor reckons again before trusting a population to be complete."""

import hashlib
from collections import Counter
from decimal import Decimal
from typing import Any

import msgspec

from portal.platform.decimals import plain


class Tally:
    """How many entries, of which events, from which to which position; the sum of new rows' gross by currency; and a
    hash over all leaves in their order."""

    def __init__(self) -> None:
        self.count = 0
        self.first = self.last = -1
        self._events: Counter[str] = Counter()
        self._gross: Counter[str] = Counter()
        self._leaves = hashlib.sha256()

    def add(self, line: dict[str, Any]) -> None:
        """One line of `entries.jsonl`."""
        said = msgspec.json.decode(line["payload"])
        self.first = line["position"] if self.count == 0 else self.first
        self.last = line["position"]
        self.count += 1
        self._events[said["event"]] += 1
        self._leaves.update(bytes.fromhex(line["leaf"]))
        for row in said["body"]["rows"]:
            after = row["after"] or {}
            if row["before"] is None and after.get("gross") and after.get("currency"):
                self._gross[after["currency"]] += Decimal(after["gross"])  # pyright: ignore[reportArgumentType]

    def figures(self) -> dict[str, Any]:
        return {
            "count": self.count,
            "first_position": self.first,
            "last_position": self.last,
            "events": dict(sorted(self._events.items())),
            "gross": {currency: plain(Decimal(total)) for currency, total in sorted(self._gross.items())},
            "leaves_sha256": self._leaves.hexdigest(),
        }
