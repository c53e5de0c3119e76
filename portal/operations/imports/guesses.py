"""What the cells of a column look like: numbers, dates, units, currencies. Guesses, for proposals alone."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import product
from typing import NamedTuple

from portal.operations.imports.values import Cell, text
from portal.operations.imports.words import code_of
from portal.platform.fields import CountryCode, CurrencyCode, Email, UnitCode

NOTHING = ("n/a", "na", "null", "none", "nil", "-", "--", "#n/a", "k. a.", "无", "未知")
SIGNS = ("€", "$", "£", "¥", "元", "EUR", "USD", "GBP", "CNY", "RMB", "CHF", "JPY")
BLANKS = re.compile(r"[\s\u00a0\u2007\u2009\u202f]")
_AMOUNT = re.compile(r"[-+(−]?\d[\d.,'’\s\u00a0\u2007\u2009\u202f]*[-)]?")
_CODE = re.compile(r"(?=.*\d)\S{1,40}|[A-Z]{2,12}")
_GROUPED = re.compile(r"\d{1,3}(?:([.,'’\s\u00a0\u2007\u2009\u202f])\d{3})(?:\1\d{3})*(?:([.,])\d+)?")
_DAYS = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%y")
_DAYS += ("%d/%m/%y", "%m/%d/%y", "%d-%b-%y", "%d-%b-%Y", "%d %b %Y", "%d. %b %Y", "%b %d, %Y", "%Y年%m月%d日")
_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f")
MOST_ODD = 10
SERIAL = "excel"
LEAST_DATES = 0.1  # of a column's cells: a way of writing dates that fewer keep to is no way of its
_SHARE = 0.6  # of a column's cells: the rest may be what people write where a value is missing


class Look(NamedTuple):
    """A column: the first of its cells, its share of cells of each sort, how its dates and numbers are written."""

    sample: str
    filled: float
    distinct: float
    dates: tuple[str, ...]
    shares: dict[str, float]

    def is_mostly(self, sort: str) -> bool:
        return self.shares.get(sort, 0) >= _SHARE


def looks(cells: Sequence[Cell]) -> Look:
    """What a column's cells look like."""
    said = [shown for cell in cells if (shown := text(cell)) and shown.casefold() not in NOTHING]
    if not said:
        return Look("", 0, 0, (), {})
    dates, dated = _dates(said)
    shares = {sort: sum(map(holds, said)) / len(said) for sort, holds in _SORTS.items()} | {"date": dated}
    return Look(said[0], len(said) / len(cells), len({*said}) / len(said), dates, shares)


def marks(columns: Iterable[Sequence[Cell]]) -> tuple[str, str, tuple[str, ...]]:
    """How numbers are written in columns of numbers: the decimal mark, the one of thousands, signs beside them."""
    found: Counter[tuple[str, str]] = Counter()
    signs: dict[str, None] = {}
    for cell in (cell for cells in columns for cell in cells):
        if isinstance(cell, str):
            bare, around = _bare(cell.strip())
            signs |= dict.fromkeys(around)
            found.update(_marks_of(bare))
    commas, points = found["decimal", ","], found["decimal", "."]
    decimal = "," if commas > points or (found["perhaps", "."] and not points) else "."
    for sort in ("thousands", "perhaps"):
        others = [(count, mark) for (which, mark), count in found.items() if which == sort and mark != decimal]
        if others:
            return decimal, max(others)[1], tuple(signs)
    return decimal, "", tuple(signs)


def odd(cells: Sequence[Cell], sort: str, dates: tuple[str, ...]) -> tuple[str, ...]:
    """The texts that stand again and again where a column has dates, or numbers, and are neither."""
    said = Counter(shown for cell in cells if isinstance(cell, str) and (shown := text(cell)))
    fits = _is_number if sort != "date" else lambda shown: _is_iso(shown) or any(_keeps_to(shown, way) for way in dates)
    return tuple(shown for shown, times in said.most_common() if times > 1 and not fits(shown))[:MOST_ODD]


def _marks_of(number: str) -> list[tuple[str, str]]:
    """What one number tells: the last mark is the decimal one unless all that follows it are groups of three."""
    grouped = _GROUPED.fullmatch(number.strip("-+()−"))
    if grouped:
        mark = " " if BLANKS.fullmatch(grouped[1]) else "'" if grouped[1] in "'’" else grouped[1]
        sure = grouped[2] or mark in " '" or number.count(grouped[1]) > 1
        return [("thousands" if sure else "perhaps", mark)] + ([("decimal", grouped[2])] if grouped[2] else [])
    last = max(number.rfind(","), number.rfind("."))
    return [("decimal", number[last])] if last >= 0 else []


def _bare(shown: str) -> tuple[str, list[str]]:
    found = [sign for sign in SIGNS if sign in shown]
    for sign in found:
        shown = shown.replace(sign, "")
    return shown.strip(), found


def _dates(said: list[str]) -> tuple[tuple[str, ...], float]:
    """The ways of writing dates that cells keep to besides ISO's, those of most cells first, and how many keep to any.
    Where some are dates, the whole numbers beside them may be days as spreadsheets count them."""
    left = [each for each in said if not _is_iso(each)]
    found: list[str] = []
    while left and (way := _way(left, found)) and _share_of(left, way) * len(left) >= LEAST_DATES * len(said):
        found.append(way)
        left = [each for each in left if not _keeps_to(each, way)]
    dated = len(said) - len(left)
    if dated and any(map(_is_serial, left)):
        found.append(SERIAL)
        dated += sum(map(_is_serial, left))
    return tuple(found), dated / len(said)


def _way(said: list[str], found: Sequence[str]) -> str | None:
    """The way that most of these keep to. One and the same text is never read by day and month in either order."""
    orders = {_order(way) for way in found}
    ways = [way for way in (day + time for day, time in product(_DAYS, _TIMES)) if _order(way) not in orders]
    tried = [way for way in ways if any(_keeps_to(each, way) for each in said[:6])]
    return max(tried, key=lambda way: _share_of(said, way), default=None)


def _order(way: str) -> str:
    return way.replace("%d", "%m")


def _share_of(said: list[str], way: str) -> float:
    return sum(_keeps_to(each, way) for each in said) / len(said)


def _is_serial(said: str) -> bool:
    """A day from 1954 to 2119 as spreadsheets count them."""
    return said.isascii() and said.isdecimal() and 20_000 <= int(said) <= 80_000


def _keeps_to(said: str, way: str) -> bool:
    if way == SERIAL:
        return _is_serial(said)
    try:
        return 1900 <= datetime.strptime(said, way).year < 2200  # noqa: DTZ007 only its form is asked
    except ValueError:
        return False


def _is_iso(said: str) -> bool:
    if len(said) < 10:
        return False
    try:
        datetime.fromisoformat(said)
    except ValueError:
        return False
    return True


def _is_number(said: str) -> bool:
    return _AMOUNT.fullmatch(_bare(said.removesuffix("%"))[0]) is not None


def _is_price(said: str) -> bool:
    return _is_number(said) and (_bare(said)[1] != [] or "." in said or "," in said)


def _is_whole(said: str) -> bool:
    return said.isdecimal()


_SORTS: dict[str, Callable[[str], bool]] = {
    "number": _is_number,
    "price": _is_price,
    "whole": _is_whole,
    "serial": _is_serial,
    "word": lambda said: not _is_number(said),
    "currency": CurrencyCode.takes,
    "code": lambda said: _CODE.fullmatch(said) is not None,
    "country": lambda said: CountryCode.takes(said) or code_of("country", said) is not None,
    "unit": UnitCode.takes,
    "email": Email.takes,
    "text": lambda said: not _is_number(said) and len(said) > 3,
    "long": lambda said: len(said) > 15,
}
