"""The names of months, as CLDR has them: `02. März 2026` says the same as `02. Mar 2026`."""

import re
from functools import cache

from babel import Locale, UnknownLocaleError

_WORD = re.compile(r"[^\W\d_]+\.?")
_ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WRITTEN_TOO = {"sept": "Sep", "mrz": "Mar", "maerz": "Mar"}


def known(language: str) -> bool:
    """Whether CLDR knows the language."""
    try:
        return bool(_names(language))
    except (UnknownLocaleError, ValueError):
        return False


def in_english(text: str, language: str) -> str:
    """The text with its names of months, long or short, in that language or in English, as English has them short."""
    names = _names(language)
    return _WORD.sub(lambda word: names.get(_folded(word[0]), word[0]), text)


@cache
def _names(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for locale in (Locale.parse(language, sep="-"), Locale("en")):
        for names in (names for widths in locale.months.values() for names in widths.values()):
            for month, name in names.items():
                if len(name) > 1 and not name[0].isdigit():
                    found.setdefault(_folded(name), _ENGLISH[month - 1])
    return found | _WRITTEN_TOO


def _folded(name: str) -> str:
    return name.casefold().rstrip(".")
