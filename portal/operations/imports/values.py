"""From a cell to a value: text as people's systems write it becomes text as the portal's own forms would take it.

What is written differently (`.00`, `1.234,50 €`, `(12.50)`, `02-Jun-06`) is rewritten, and what it then says is judged
by the same field types that judge a form: one place knows what a quantity, a unit or a currency may be. All raise
ValueError with a Message that says what was expected.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from portal.operations.imports.months import in_english
from portal.platform.decimals import HUNDRED, plain, product
from portal.platform.fields import Day, Percent
from portal.platform.fields.kind import Number
from portal.platform.i18n import _

Cell = str | Decimal | datetime
Reader = Callable[[Cell], Any]
LONGEST_NUMBER = 60

_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_YES = frozenset(("true", "yes", "y", "1"))
_NO = frozenset(("false", "no", "n", "0"))
# A mark of thousands stands for all that look like it.
_ALIKE = {" ": "[ \u00a0\u2007\u2009\u202f]", "'": "['\u2019]"}
_EXCEL = {"excel": datetime(1899, 12, 30), "excel-1904": datetime(1904, 1, 1)}  # noqa: DTZ001 days of no zone yet
_LAST_SERIAL = 2_958_465  # 9999-12-31


class Came(datetime):
    """When goods came. A day without a time is its noon: at a site some hours away it is still the same day."""


class Share(Decimal):
    """A number whose cell shows it as a percentage: 0.13, and people read 13 %."""

    @property
    def percent(self) -> Decimal:
        return trimmed(product(self, HUNDRED))


class Written(NamedTuple):
    """How this field's numbers and dates are written."""

    decimal: str = "."
    thousands: str = ""
    dates: tuple[str, ...] = ()
    time_zone: str = "UTC"
    signs: tuple[str, ...] = ()
    language: str = "en"
    times: str | None = None


def text(cell: Cell | None) -> str:
    """The cell as one line of text without blanks around it."""
    if isinstance(cell, str):
        shown = cell.strip()
        return " ".join(shown.split()) if "\n" in shown or "\r" in shown else shown
    if cell is None:
        return ""
    if isinstance(cell, Share):
        return f"{plain(cell.percent)}%"
    return plain(cell) if isinstance(cell, Decimal) else cell.isoformat(" ")


def reader(kind: Any, written: Written) -> Reader:
    """How a cell of this kind is read: a field type, `bool`, `datetime`, `list`, a tuple of choices, or a range."""
    return partial(_read, kind, written)


def _read(kind: Any, written: Written, cell: Cell) -> Any:
    if isinstance(kind, tuple):
        return _choice(text(cell), kind)
    if isinstance(kind, range):
        return _whole(cell, kind, written)
    if kind in _PLAIN:
        return _PLAIN[kind](cell)
    if issubclass(kind, Number):
        if issubclass(kind, Percent):
            cell = cell.percent if isinstance(cell, Share) and written.times is None else cell
            written = written._replace(signs=(*written.signs, "%"))
        return kind.read(number(cell, written))
    if issubclass(kind, Day | datetime):
        found = moment(cell, written)
        Day.read(found.date().isoformat())
        if kind is Came and not (found.hour or found.minute or found.second):
            found = found.replace(hour=12)
        return found.astimezone(ZoneInfo(written.time_zone)).date() if kind is Day else found.astimezone(UTC)
    return kind.read(text(cell))


def number(cell: Cell, written: Written) -> str:
    """The number as plain text: no thousands separators, no needless zeros; `.00` is 0 and `50.2600` is 50.26.

    A minus may stand behind, or brackets around it; signs that the mapping names may stand before and behind.
    """
    if isinstance(cell, Decimal):
        shown, written = plain(cell), written._replace(decimal=".", thousands="")
    else:
        shown = text(cell)
    minus, bare = _unsigned(shown, written.signs) if len(shown) <= LONGEST_NUMBER else (False, "")
    match = _form(written.decimal, written.thousands).fullmatch(bare)
    if match is None or not any(digit.isdigit() for digit in bare):
        like = f"1{written.thousands}234{written.decimal}5"
        raise ValueError(_("This is not a number as the mapping writes them, such as {example}.", example=like))
    whole = "".join(filter(str.isdigit, match[1])).lstrip("0") or "0"
    fraction = (match[2] or "").rstrip("0")
    found = f"{'-' if minus and (whole != '0' or fraction) else ''}{whole}{f'.{fraction}' if fraction else ''}"
    return found if written.times is None else _times(found, written.times)


def bare_number(cell: str, written: Written) -> str:
    """The digits of a number with their marks alone."""
    return _unsigned(text(cell), written.signs)[1]


def _unsigned(shown: str, signs: tuple[str, ...]) -> tuple[bool, str]:
    """Whether the number is below zero, and its digits with their marks alone."""
    bare = _bare(shown.replace("\u2212", "-"), signs)
    if bare.startswith("(") and bare.endswith(")"):
        return True, _bare(bare[1:-1], signs)
    if bare.startswith(("-", "+")):
        return bare[0] == "-", _bare(bare[1:], signs)
    return bare.endswith("-"), _bare(bare.removesuffix("-"), signs)


def _bare(shown: str, signs: tuple[str, ...]) -> str:
    shown = shown.strip()
    for sign in signs:
        if sign in shown:
            shown = shown.removeprefix(sign).removesuffix(sign).strip()
    return shown


@lru_cache(100)
def _form(decimal: str, thousands: str) -> re.Pattern[str]:
    """Digits in groups of three (in India, of two before the last three) or in no groups at all: `1,5` is no 15."""
    mark = _ALIKE.get(thousands, re.escape(thousands))
    grouped = rf"\d{{1,3}}(?:{mark}\d{{3}})+|\d{{1,2}}(?:{mark}\d\d)+{mark}\d{{3}}|" if thousands else ""
    return re.compile(rf"({grouped}\d*)(?:{re.escape(decimal)}(\d*))?", re.ASCII)


def _times(shown: str, times: str) -> str:
    return plain(trimmed(product(Decimal(shown), Decimal(times))))


def trimmed(number: Decimal) -> Decimal:
    """Without zeros that say nothing behind the point."""
    found = plain(number)
    return Decimal(found.rstrip("0").rstrip(".")) if "." in found else number


def moment(cell: Cell, written: Written) -> datetime:
    """The instant; a time without an offset is one of the mapping's time zone."""
    found = cell if isinstance(cell, datetime) else _parsed(cell, written)
    if found is None:
        formats = ", ".join((*written.dates, "%Y-%m-%d"))
        raise ValueError(_("This is not a date in any of the mapping's formats: {formats}.", formats=formats))
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(written.time_zone))


def _parsed(cell: Cell, written: Written) -> datetime | None:
    shown = text(cell)
    for wanted in written.dates:
        if wanted in _EXCEL:
            found = _of_serial(cell, written, _EXCEL[wanted])
        elif "%b" in wanted or "%B" in wanted:
            found = _by_format(in_english(shown, written.language), wanted.replace("%B", "%b"))
        else:
            found = _by_format(shown, wanted)
        if found is not None:
            return found
    try:
        return datetime.fromisoformat(shown)
    except ValueError:
        return None


def _by_format(shown: str, wanted: str) -> datetime | None:
    try:
        return datetime.strptime(shown, wanted)  # noqa: DTZ007 the caller adds the mapping's time zone
    except (ValueError, re.error):
        return None


def _of_serial(cell: Cell, written: Written, origin: datetime) -> datetime | None:
    """A day as spreadsheets count them, the time as its fraction, to the second."""
    try:
        serial = Decimal(number(cell, written._replace(times=None)))
    except ValueError:
        return None
    return origin + timedelta(seconds=round(serial * 86_400)) if 1 <= serial <= _LAST_SERIAL else None


def _choice(shown: str, choices: tuple[str, ...]) -> str:
    if shown not in choices:
        raise ValueError(_("Choose one of {choices}; a value map can say which.", choices=", ".join(choices)))
    return shown


def _flag(cell: Cell) -> bool:
    shown = text(cell).lower()
    if shown not in _YES | _NO:
        raise ValueError(_("This is neither yes nor no; a value map can say which."))
    return shown in _YES


def _whole(cell: Cell, within: range, written: Written) -> int:
    try:
        shown = number(cell, written)
    except ValueError:
        shown = ""
    if not _WHOLE.fullmatch(shown) or int(shown) not in within:
        raise ValueError(_("This is not a whole number from {least} to {most}.", least=within[0], most=within[-1]))
    return int(shown)


def _words(cell: Cell) -> list[str]:
    return [word for part in text(cell).split(",") if (word := part.strip()[:50])]


_PLAIN: dict[Any, Reader] = {bool: _flag, list: _words}
