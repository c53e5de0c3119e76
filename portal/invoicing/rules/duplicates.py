"""When two invoices of one supplier to one buyer are the same."""

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

# By the categories of Unicode: formats such as the zero-width space and marks such as variation selectors are not seen,
# nor is how wide a blank is; dashes look alike.
_SEEN = {"Cf": "", "Mn": "", "Zs": "", "Pd": "-"}
_FILLERS = "\u115f\u1160\u17b4\u17b5\u2800\uffa0"
# Cyrillic and Greek letters that no eye tells from Latin ones, after case was folded (UTS #39, confusables).
_TWINS = str.maketrans("авекмнорстухіјѕһԁԛԝαβεζηικμνορτυχ−", "abekmhopctyxijshdqwabezhikmnoptyx-")


class Clash(NamedTuple):
    """Another invoice with the same number. `certain`: the same date or amount too, so no reason helps."""

    other: Any
    certain: bool


def number_key(number: str) -> str:
    """The number as it is compared: what the eye does not tell apart is the same.

    Compatibility forms (full-width digits) are unified, blanks and invisible characters left out, all dashes one, case
    folded, and letters of other scripts that look Latin taken for Latin.
    """
    return "".join(map(_seen, unicodedata.normalize("NFKC", number))).casefold().translate(_TWINS)


def _seen(sign: str) -> str:
    """What the eye makes of a sign: digits of all scripts are digits."""
    kind = unicodedata.category(sign)
    return str(unicodedata.digit(sign)) if kind == "Nd" else "" if sign in _FILLERS else _SEEN.get(kind, sign)


def clash(others: Iterable[Any], issue_date: date, currency: str, gross_minor: int) -> Clash | None:
    """The worst clash with `others`, which carry the same number and were not rejected."""
    found = None
    for other in others:
        if other.issue_date == issue_date or (other.currency, other.gross_minor) == (currency, gross_minor):
            return Clash(other, True)
        found = found or Clash(other, False)
    return found
