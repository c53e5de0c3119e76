"""A file as a mapping reads it: with the columns that the mapping derives, without the rows that it leaves out.

`fill` and `derived` and `skip` of a file under [files] come first, then those of the kind's own table.
"""

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from threading import Event

from portal.operations.imports.aside import Stopped
from portal.operations.imports.mapping import Format, Made, Rows, Told
from portal.operations.imports.patterns import compiled
from portal.operations.imports.sources import Source
from portal.operations.imports.treated import HEADER, LEFT_OUT
from portal.operations.imports.values import Cell, text
from portal.platform.i18n import Message, _

Line = list[Cell | None]
Noted = Callable[[str, str, str | None], None]  # of which column, which text became what
Step = Callable[[Line, Noted], bool]  # works on a row; whether it stays


class Feed:
    """A source, and what is done to each of its rows. Columns that do not exist are collected in `mistakes`."""

    def __init__(self, source: Source, written: Format, *rules: Rows, stop: Event | None = None) -> None:
        self.source, self.format, self._stop = source, written, stop or Event()
        self.mistakes: list[Message] = []
        self.places = {name: place for place, name in enumerate(source.names) if name}
        self.width = len(source.header)
        self._steps: list[Step] = []
        for rule in rules:
            self._prepare(rule)

    def place(self, column: str) -> int:
        """Where a column's cells are; 0 and a mistake where there is no such column."""
        if column not in self.places:
            self.mistakes.append(_("{file} has no column {column}.", file=self.source.name, column=column))
        return self.places.get(column, 0)

    def rows(self, noted: Noted) -> Iterator[tuple[int, Line, bool]]:
        """Each row with its number, all of the same width; and whether it had more cells than the header. Raises
        Stopped as soon as nobody waits for them any more."""
        own = len(self.source.header)
        for number, cells in self.source.rows(lambda: noted("", HEADER, LEFT_OUT)):
            if self._stop.is_set():
                raise Stopped
            more = len(cells) > own and any(str(cell).strip() for cell in cells[own:])
            row: Line = [*cells[:own], *[""] * (own - len(cells))]
            if all(step(row, noted) for step in self._steps):
                yield number, row, more

    def _prepare(self, rule: Rows) -> None:
        if rule.fill:
            self._steps.append(_filling([self.place(column) for column in rule.fill]))
        for name, made in rule.derived.items():
            sources = tuple(self.place(column) for column in made.sources)
            self._steps.append(_deriving(sources, made))
            self.places[name], self.width = self.width, self.width + 1
        for skip in rule.skip:
            self._steps.append(_leaving_out(self.place(skip.column), skip.column, skip, skip.unless))


def part_of(made: Made) -> Callable[[str], str]:
    """The part of a text that is meant: all of it, a piece between separators, or what a pattern's group fits."""
    if made.like is not None:
        pattern = compiled(made.like)
        return lambda shown: pattern.group(shown, made.part).strip()
    if made.split is not None:
        return lambda shown: _piece(shown.split(made.split), made.part)
    return lambda shown: shown


def fitting(told: Told) -> Callable[[str], str | None]:
    """What fits a text: the text itself, or the pattern; None if nothing does."""
    if told.like is not None:
        pattern = compiled(told.like)
        return lambda shown: told.like if pattern.fits(shown) else None
    named = frozenset(told.named)
    return lambda shown: shown if shown in named else None


def joined(row: Sequence[Cell | None], places: tuple[int, ...], between: str) -> str:
    return between.join(said for place in places if (said := text(row[place])))


def _piece(pieces: list[str], part: int) -> str:
    place = part - 1 if part > 0 else part
    return pieces[place].strip() if -len(pieces) <= place < len(pieces) else ""


def _filling(places: list[int]) -> Step:
    """An empty cell says what the row above says; that stands for itself until a row says something else."""
    above: dict[int, Cell | None] = dict.fromkeys(places, "")

    def fill(row: Line, _noted: Noted) -> bool:
        for place in places:
            if text(row[place]):
                above[place] = row[place]
            else:
                row[place] = above[place]
        return True

    return fill


def _deriving(places: tuple[int, ...], made: Made) -> Step:
    part = part_of(made)

    def derive(row: Line, _noted: Noted) -> bool:
        row.append(part(joined(row, places, made.between)))
        return True

    return derive


def _leaving_out(place: int, column: str, told: Told, unless: bool) -> Step:
    fits, cell = fitting(told), itemgetter(place)

    def stays(row: Line, noted: Noted) -> bool:
        shown = text(cell(row))
        fit = fits(shown)
        if (fit is None) is not unless:
            return True
        noted(column, shown if fit is None else fit, LEFT_OUT)
        return False

    return stays
