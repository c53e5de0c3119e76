"""What a column's cells leave open: 03/04/2026 is a day in March or in April, and 1,234 is more than a thousand or a
little more than one. Neither is decided in silence: how it is read is said, and how to say that the other is meant.

A day beyond the twelfth settles a column of dates. Marks settle all numbers of a file: whoever writes 12.50 in one
column means a thousand by 1,234 in the next. What the mapping says of the field itself was decided by somebody.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from portal.operations.imports.values import Cell, Written, bare_number
from portal.platform.fields import Day
from portal.platform.fields.kind import Number
from portal.platform.i18n import Message, _

EXAMPLES = 2
DATE, NUMBER = "date", "number"
_PERHAPS = re.compile(r"[1-9]\d{0,2}([.,])\d{3}", re.ASCII)
_MARKED = re.compile(r"\d*(?:[.,'’\s\u00a0\u2007\u2009\u202f]\d+)+", re.ASCII)
_TURNED = str.maketrans({"d": "m", "m": "d"})


class Example(NamedTuple):
    """A cell, what it is read as, and what it could mean as well."""

    text: str
    read: str
    otherwise: str


class Doubt(NamedTuple):
    """A column of which nothing says how it is meant: of dates, or of numbers. `field` is what it becomes."""

    file: str
    column: str
    part: str
    field: str
    what: str
    examples: list[Example]

    def sentence(self) -> Message:
        return Message(_SAID[self.what].text, {"column": self.column, "file": self.file, "examples": self.told()})

    def told(self) -> "Message | str":
        """The examples, one after the other."""
        first, *more = [_example(self.what, each) for each in self.examples]
        return _("{first}; {second}", first=first, second=more[0]) if more else first


def told_again(kept: Mapping[str, Any]) -> Doubt:
    """A doubt as a report keeps it."""
    return Doubt(**{**kept, "examples": [Example(**each) for each in kept["examples"]]})


_SAID = {
    DATE: _("{column} of {file} has dates that can be read in two ways: {examples}. Say which is meant by `dates`."),
    NUMBER: _(
        "{column} of {file} has numbers that can be read in two ways: {examples}. Say which is meant by `decimal` and "
        "`thousands`."
    ),
}


def _example(what: str, each: Example) -> Message:
    if what == DATE:
        return _("{text} is read as {read}, not {otherwise}", **each._asdict())
    if "." in each.read:
        return _("{text} is read as {read} with a fraction, not as the whole number {otherwise}", **each._asdict())
    return _("{text} is read as the whole number {read}, not as {otherwise} with a fraction", **each._asdict())


class Doubts:
    """Sees each different cell of a field once, before it is read."""

    def __init__(self, kind: Any, written: Written, settled: Mapping[str, bool]) -> None:
        self._written = written
        self._examples: list[Example] = []
        self._decided: set[str] = set()
        self.what, self.see = _watch(self, kind)
        self._is_settled = settled.get(self.what, False)

    @property
    def decides_numbers(self) -> bool:
        """Whether a number of the field shows which mark is which."""
        return NUMBER in self._decided

    @property
    def examples(self) -> list[Example]:
        """What nothing in the column settles, nor the mapping for this field."""
        return [] if self._is_settled or self._decided else self._examples

    def see_date(self, cell: Cell) -> None:
        for way in self._written.dates:
            read = _day(cell, way)
            if read is None:
                continue
            turned = other_order(way)
            if turned is None:
                return
            other = _day(cell, turned)
            if other is None:
                if turned not in self._written.dates:
                    self._decided.add(DATE)
            elif other != read:
                self._keep(Example(str(cell).strip(), read.date().isoformat(), other.date().isoformat()))
            return

    def see_number(self, cell: Cell) -> None:
        if not isinstance(cell, str) or not any(digit.isdigit() for digit in cell):
            return
        bare = bare_number(cell, self._written)
        perhaps = _PERHAPS.fullmatch(bare)
        if perhaps is None:
            if _MARKED.fullmatch(bare):
                self._decided.add(NUMBER)
            return
        whole, fraction = bare.replace(perhaps[1], ""), bare.replace(perhaps[1], ".")
        if perhaps[1] == self._written.thousands:
            self._keep(Example(cell.strip(), whole, fraction))
        elif perhaps[1] == self._written.decimal:
            self._keep(Example(cell.strip(), fraction, whole))

    def _keep(self, example: Example) -> None:
        if len(self._examples) < EXAMPLES and example not in self._examples:
            self._examples.append(example)


def _watch(doubts: Doubts, kind: Any) -> tuple[str, Callable[[Cell], None]]:
    if isinstance(kind, range) or (isinstance(kind, type) and issubclass(kind, Number)):
        return NUMBER, doubts.see_number
    if isinstance(kind, type) and issubclass(kind, Day | datetime):
        return DATE, doubts.see_date
    return "", lambda _cell: None


def other_order(way: str) -> str | None:
    """The same way of writing a date with day and month the other way round; None where nobody writes it so: behind the
    year, with a name for the month, or with points, which only those use who begin with the day."""
    day, month, year = way.find("%d"), way.find("%m"), max(way.find("%y"), way.find("%Y"))
    if day < 0 or month < 0 or year < max(day, month) or "." in way[min(day, month) : max(day, month)]:
        return None
    first, *signs = way.split("%")
    return "%".join((first, *(sign[:1].translate(_TURNED) + sign[1:] for sign in signs)))


def _day(cell: Cell, way: str) -> datetime | None:
    if not isinstance(cell, str):
        return None
    try:
        return datetime.strptime(cell.strip(), way)  # noqa: DTZ007 only the day is asked
    except (ValueError, re.error):
        return None


def found_in(parts: Iterable[Any]) -> list[Doubt]:
    """What is open in the columns that these parts were read from, each once."""
    read = [(part, reading) for part in parts for reading in part.watched()]
    decided = {part.source.name for part, reading in read if reading.doubts.decides_numbers}
    found: dict[tuple[str, str, str], Doubt] = {}
    for part, reading in read:
        what, examples = reading.doubts.what, reading.doubts.examples
        if not examples or (what == NUMBER and part.source.name in decided):
            continue
        column = reading.field.sources[0]
        told = Doubt(part.source.name, column, part.part.name, reading.name, what, examples)
        found.setdefault((told.file, column, what), told)
    return list(found.values())
