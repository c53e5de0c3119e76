"""Bank accounts in texts: an invoice names them in notes and terms too, where no element says what they are.

IBANs alone are known there (ISO 13616): their check digits tell them from other numbers.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Final

from stdnum import iban, numdb

SHOWN: Final = 4  # characters at the end of an account that everybody may see
MOST: Final = 1_000  # places of one text that look like an account, beyond which it is taken to name one
HIDDEN: Final = "••••"
_BEYOND: Final = 64  # characters that are read past the last that is shown, where an account may end
_HEAD: Final = 4  # characters of the country and the check digits
_LOOKS: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]){11,30}")


def hidden(account: str) -> str:
    """An account as everybody sees it."""
    return f"{HIDDEN} {_plain(account)[-SHOWN:]}"


def without_accounts(text: str, longest: int) -> str:
    """So many characters of a text, with the end alone of each account; what is not searched to its end is hidden."""
    text = text[: longest + _BEYOND]
    told, at = "", 0
    for start, end in _places(text):
        if end is None:
            return HIDDEN
        told, at = f"{told}{text[at:start]}{hidden(text[start:end])}", end
    return (told + text[at:])[:longest]


def names_account(text: str) -> bool:
    """Whether an account stands in it, or too much that looks like one for a search to its end."""
    return next(_places(text), None) is not None


def _places(text: str) -> Iterator[tuple[int, int | None]]:
    """Where accounts stand, from and to; the last one has no end where the search was given up."""
    at = 0
    for _each in range(MOST):
        found = _LOOKS.search(text, at)
        if found is None:
            return
        end = _end(found)
        if end is not None:
            yield found.start(), end
        at = end or found.start() + _HEAD
    if found := _LOOKS.search(text, at):
        yield found.start(), None


def _end(found: re.Match[str]) -> int | None:
    """Where the account ends that begins there, by the length that its country has; more may follow it."""
    length = _length(found[0][:2])
    if length is None or not iban.is_valid(_plain(found[0])[:length], check_country=False):
        return None
    places = (place for place, character in enumerate(found[0], found.start() + 1) if character.isalnum())
    return next(islice(places, length - 1, None))


@cache
def _length(country: str) -> int | None:
    """Characters of an IBAN of this country; None where banks have none."""
    known = numdb.get("iban").info(country)[0][1].get("bban")
    return _HEAD + sum(map(int, re.findall(r"\d+", known))) if known else None


def _plain(account: str) -> str:
    return "".join(account.split())
