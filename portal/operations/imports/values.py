"""From a cell to a value: text as people's systems write it becomes text as the portal's own forms would take it.

What is written differently (`.00`, `1.234,50`, `02.06.2026`) is rewritten, and what it then says is judged by the same
field types that judge a form: one place knows what a quantity, a unit or a currency may be. All raise ValueError with a
Message that says what was expected.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from portal.platform.decimals import plain
from portal.platform.fields import Day
from portal.platform.fields.kind import Number
from portal.platform.i18n import _

Cell = str | Decimal | datetime
Reader = Callable[[Cell], Any]
REMEMBERED = 20_000  # values repeat from row to row
LONGEST_NUMBER = 60

_NUMBER = re.compile(r"([+-]?)0*(\d*)(?:\.(\d*?)0*)?", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_YES = frozenset(("true", "yes", "y", "1"))
_NO = frozenset(("false", "no", "n", "0"))


class Written(NamedTuple):
    """How this field's numbers and dates are written."""

    decimal: str = "."
    thousands: str = ""
    dates: tuple[str, ...] = ()
    time_zone: str = "UTC"


def text(cell: Cell) -> str:
    """The cell as one line of text without blanks around it."""
    if isinstance(cell, str):
        shown = cell.strip()
        return " ".join(shown.split()) if "\n" in shown or "\r" in shown else shown
    return plain(cell) if isinstance(cell, Decimal) else cell.isoformat(" ")


def reader(kind: Any, written: Written) -> Reader:
    """How a cell of this kind is read: a field type, `bool`, `datetime`, `list`, a tuple of choices, or a range."""
    return lru_cache(REMEMBERED)(partial(_read, kind, written))


def _read(kind: Any, written: Written, cell: Cell) -> Any:
    if isinstance(kind, tuple):
        return _choice(text(cell), kind)
    if isinstance(kind, range):
        return _whole(text(cell), kind)
    if kind in _PLAIN:
        return _PLAIN[kind](cell)
    if issubclass(kind, Number):
        return kind.read(number(cell, written))
    if issubclass(kind, Day | datetime):
        found = moment(cell, written)
        day = Day.read(found.date().isoformat())
        return day if kind is Day else found.astimezone(UTC)
    return kind.read(text(cell))


def number(cell: Cell, written: Written) -> str:
    """The number as plain text: no thousands separators, no needless zeros; `.00` is 0 and `50.2600` is 50.26."""
    shown = text(cell)
    if not isinstance(cell, Decimal):
        if written.thousands:
            shown = shown.replace(written.thousands, "")
        if written.decimal != ".":
            shown = shown.replace(".", "?").replace(written.decimal, ".")
    match = _NUMBER.fullmatch(shown) if len(shown) <= LONGEST_NUMBER else None
    if match is None or not any(digit.isdigit() for digit in shown):
        like = f"1{written.thousands}234{written.decimal}5"
        raise ValueError(_("This is not a number as the mapping writes them, such as {example}.", example=like))
    sign, whole, fraction = match[1], match[2] or "0", match[3]
    return f"{'-' if sign == '-' and (whole != '0' or fraction) else ''}{whole}{f'.{fraction}' if fraction else ''}"


def moment(cell: Cell, written: Written) -> datetime:
    """The instant; a time without an offset is one of the mapping's time zone."""
    found = cell if isinstance(cell, datetime) else _parsed(text(cell), written.dates)
    if found is None:
        formats = ", ".join((*written.dates, "%Y-%m-%d"))
        raise ValueError(_("This is not a date in any of the mapping's formats: {formats}.", formats=formats))
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(written.time_zone))


def _parsed(shown: str, formats: tuple[str, ...]) -> datetime | None:
    for wanted in formats:
        try:
            return datetime.strptime(shown, wanted)  # noqa: DTZ007 the caller adds the mapping's time zone
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(shown)
    except ValueError:
        return None


def _choice(shown: str, choices: tuple[str, ...]) -> str:
    if shown not in choices:
        raise ValueError(_("Choose one of {choices}; a value map can say which.", choices=", ".join(choices)))
    return shown


def _flag(cell: Cell) -> bool:
    shown = text(cell).lower()
    if shown not in _YES | _NO:
        raise ValueError(_("This is neither yes nor no; a value map can say which."))
    return shown in _YES


def _whole(shown: str, within: range) -> int:
    if not _WHOLE.fullmatch(shown) or int(shown) not in within:
        raise ValueError(_("This is not a whole number from {least} to {most}.", least=within[0], most=within[-1]))
    return int(shown)


def _words(cell: Cell) -> list[str]:
    return [word for part in text(cell).split(",") if (word := part.strip()[:50])]


_PLAIN: dict[Any, Reader] = {bool: _flag, list: _words}
