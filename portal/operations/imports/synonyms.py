"""What other systems call the things the portal keeps: in English, German and Chinese, as their headers have it.

`synonyms.csv` has a row for each field: its names, apart by `|`, which are compared without case, accents and
punctuation, those behind `~` being what may mean other things too; what its cells should look like, so that "Date" over
amounts is no date; and words that make a name something else, so that a requested delivery date is no delivery.
"""

import csv
from pathlib import Path
from typing import Final, NamedTuple


class Known(NamedTuple):
    """The names of one field in headers, the sort of its cells, if it has one, and words that no name of it has."""

    names: str
    looks: str
    unless: str = ""


def _load() -> dict[str, dict[str, Known]]:
    found: dict[str, dict[str, Known]] = {}
    with Path(__file__).with_suffix(".csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["part"], {})[row["field"]] = Known(row["names"], row["looks"], row["unless"])
    return found


KNOWN: Final = _load()
