"""When two invoices of one supplier to one buyer are the same."""

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple


class Clash(NamedTuple):
    """Another invoice with the same number. `certain`: the same date or amount too, so no reason helps."""

    other: Any
    certain: bool


def number_key(number: str) -> str:
    """The number as it is compared: compatibility forms (full-width digits) unified, trimmed, case folded."""
    return unicodedata.normalize("NFKC", number).strip().casefold()


def clash(others: Iterable[Any], issue_date: date, currency: str, gross_minor: int) -> Clash | None:
    """The worst clash with `others`, which carry the same number and were not rejected."""
    found = None
    for other in others:
        if other.issue_date == issue_date or (other.currency, other.gross_minor) == (currency, gross_minor):
            return Clash(other, True)
        found = found or Clash(other, False)
    return found
