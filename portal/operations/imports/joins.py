"""Rows of other files beside the rows of one: look-ups, as the mapping names them."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from portal.operations.imports.mapping import Join, Table
from portal.operations.imports.sources import Source
from portal.operations.imports.values import Cell, text
from portal.platform.i18n import Message, _

Cells = Sequence[Cell]
Joined = list[Cells | None]  # the row of the file itself, then one of each join; None where there is no such row
Key = tuple[str, ...]
Opener = Callable[[str, str | None], Source]


class Place(NamedTuple):
    """Where a cell is: in which of the joined rows, and which of its cells."""

    which: int
    cell: int


class Missing(NamedTuple):
    """A look-up that failed: the columns whose values were looked up, the values, and why."""

    column: str
    value: str
    reason: Message


class Look(NamedTuple):
    """A joined file in memory: the cells that some field wants, by the cells they are found by."""

    join: Join
    by: tuple[Place, ...]
    rows: dict[Key, Cells]
    several: frozenset[Key]


class Joins:
    """The file of a table and everything beside it. Columns that do not exist are collected in `mistakes`."""

    def __init__(self, table: Table, files: Opener, wanted: set[str]) -> None:
        self.source = files(table.file, table.sheet)
        self.mistakes: list[Message] = []
        self._names = [join.name for join in table.joins]
        self._own = _numbered(self.source)
        self._theirs: dict[str, dict[str, int]] = {}
        self._looks = [self._look(join, files(join.file, join.sheet), wanted) for join in table.joins]

    def place(self, column: str) -> Place | None:
        """A column of the file itself by its name, of a joined one by the join's name, a dot, and its name."""
        if column in self._own:
            return Place(0, self._own[column])
        name, _dot, rest = column.partition(".")
        if rest in self._theirs.get(name, {}):
            return Place(1 + self._names.index(name), self._theirs[name][rest])
        self._miss(self.source, column)
        return None

    def complains(self, which: int) -> bool:
        """Whether a missing row of this join is an error by itself."""
        return which > 0 and self._looks[which - 1].join.needed

    def rows(self) -> Iterator[tuple[int, Joined, list[Missing]]]:
        """Each row with its number, the rows beside it, and what was looked up in vain."""
        width = len(self.source.header)
        for number, cells in self.source.rows():
            missing = []
            if any(str(cell).strip() for cell in cells[width:]):
                missing.append(Missing("", "", _("The row has more cells than the header.")))
            row: Joined = [_padded(cells, width)]
            for look in self._looks:
                row.append(_found(look, row, missing))
            yield number, row, missing

    def _look(self, join: Join, source: Source, wanted: set[str]) -> Look:
        by = tuple(place for column in join.on.values() if (place := self.place(column)) is not None)
        theirs = _numbered(source)
        for column in join.on.keys() - theirs.keys():
            self._miss(source, column)
        kept = [name for name in theirs if f"{join.name}.{name}" in wanted]
        self._theirs[join.name] = {name: number for number, name in enumerate(kept)}
        keys = [theirs[column] for column in join.on if column in theirs]
        rows, several = _indexed(source, keys, [theirs[name] for name in kept])
        return Look(join, by, rows, frozenset() if join.first else frozenset(several))

    def _miss(self, source: Source, column: str) -> None:
        self.mistakes.append(_("{file} has no column {column}.", file=source.name, column=column))


def cell_at(row: Joined, place: Place) -> Cell:
    """The cell; empty where there is no such row."""
    found = row[place.which]
    return "" if found is None else found[place.cell]


def shown(row: Joined, place: Place) -> str:
    return text(cell_at(row, place))


def _numbered(source: Source) -> dict[str, int]:
    return {name: number for number, name in enumerate(source.names) if name}


def _padded(cells: list[Cell], width: int) -> Cells:
    return cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))]


def _found(look: Look, row: Joined, missing: list[Missing]) -> Cells | None:
    key = tuple(shown(row, place) for place in look.by)
    found, join = look.rows.get(key), look.join
    if key in look.several or (found is None and join.needed):
        text = _("{file} has several such rows.") if found else _("{file} has no such row.")
        missing.append(Missing(", ".join(join.on.values()), ", ".join(key), Message(text.text, {"file": join.file})))
    return found


def _indexed(source: Source, keys: list[int], kept: list[int]) -> tuple[dict[Key, Cells], set[Key]]:
    """The wanted cells of a file by its key; of several rows with one key the first counts, and the key is named."""
    rows: dict[Key, Cells] = {}
    several: set[Key] = set()
    for _number, cells in source.rows():
        padded = _padded(cells, len(source.header))
        key = tuple(text(padded[number]) for number in keys)
        if key in rows:
            several.add(key)
        else:
            rows[key] = [padded[number] for number in kept]
    return rows, several
