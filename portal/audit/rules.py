"""How long a kind of document is kept: a rule of `policies/retention.csv`, by the jurisdiction of its owner.

A kind without a rule for the jurisdiction takes that of `*`; a kind without any is kept for ever.
"""

import csv
import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Final, NamedTuple

from portal.platform.paths import resource

ANYWHERE: Final = "*"
FILE: Final = "retention.csv"


class Retention(NamedTuple):
    """`counted` from the end of the document's calendar `year`, or from its own `date`; `basis` is the law."""

    kind: str
    jurisdiction: str
    years: int
    counted: str
    basis: str

    def keep_until(self, dated: date) -> date:
        """The last day on which a document of this date is kept."""
        if self.counted == "year":
            return date(dated.year + self.years, 12, 31)
        try:
            return dated.replace(year=dated.year + self.years)
        except ValueError:  # the 29th of February
            return date(dated.year + self.years, 3, 1)


def retention(kind: str, jurisdiction: str) -> Retention | None:
    rules = retention_rules()
    return rules.get((kind, jurisdiction)) or rules.get((kind, ANYWHERE))


@cache
def retention_rules() -> Mapping[tuple[str, str], Retention]:
    """Raises ValueError for a table that cannot be meant: nothing is disposed of by it."""
    rows = csv.DictReader(_text().splitlines())
    read = [
        Retention(row["kind"], row["jurisdiction"], int(row["years"]), row["counted"], row["basis"]) for row in rows
    ]
    found = {(rule.kind, rule.jurisdiction): rule for rule in read}
    if len(found) < len(read) or any(rule.years < 1 or rule.counted not in ("year", "date") for rule in read):
        raise ValueError(f"{FILE} has a rule twice, or one that cannot be meant")
    return found


def rules_digest() -> str:
    """Which table it was, for certificates."""
    return hashlib.sha256(_text().encode()).hexdigest()


def _text() -> str:
    return (resource("policies") / FILE).read_text("utf-8")
