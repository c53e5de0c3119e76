"""Rows of other files beside the rows of one: look-ups, as the mapping names them."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from portal.operations.imports.feeds import Feed, Line, Noted
from portal.operations.imports.mapping import Join, Table, Unusable
from portal.operations.imports.values import Cell, text
from portal.platform.i18n import Message, _

Key = tuple[str, ...]
MOST_ROWS = 300_000  # of a file that rows are looked up in, some 300 bytes each beside their texts
MOST_LETTERS = 100_000_000  # in them together
Opener = Callable[..., Feed]  # of a file's name and sheet, and what a table does to its rows


class Missing(NamedTuple):
    """A look-up that failed: the columns whose values were looked up, the values, and why."""

    column: str
    value: str
    reason: Message


class Look(NamedTuple):
    """A joined file in memory: the cells that some field wants, by the cells they are found by."""

    join: Join
    by: tuple[int, ...]
    begins: int  # where its cells are in a row
    nothing: list[Cell | None]  # its cells where there is no such row
    rows: dict[Key, list[Cell | None]]
    several: frozenset[Key]


class Joins:
    """The file of a table and everything beside it, as one row. Columns that do not exist are in `mistakes`."""

    def __init__(self, table: Table, files: Opener, wanted: set[str]) -> None:
        self._feed = files(table.file, table.sheet, table)
        self.source, self.format = self._feed.source, self._feed.format
        self.mistakes: list[Message] = self._feed.mistakes
        self._width = self._feed.width
        self._theirs: dict[str, dict[str, int]] = {}
        self._looks: list[Look] = []
        for join in table.joins:
            self._looks.append(self._look(join, files(join.file, join.sheet), wanted))

    def place(self, column: str) -> int:
        """A column of the file itself by its name, of a joined one by the join's name, a dot, and its name."""
        name, _dot, rest = column.partition(".")
        if column not in self._feed.places and rest in self._theirs.get(name, {}):
            return self._theirs[name][rest]
        return self._feed.place(column)

    def complains(self, place: int) -> bool:
        """Whether a missing row of the join with this cell is an error by itself."""
        return any(look.join.needed and 0 <= place - look.begins < len(look.nothing) for look in self._looks)

    def rows(self, noted: Noted) -> Iterator[tuple[int, Line, list[Missing]]]:
        """Each row with its number, the cells of the rows beside it in it, and what was looked up in vain."""
        for number, row, more in self._feed.rows(noted):
            missing = [Missing("", "", _("The row has more cells than the header."))] if more else []
            for look in self._looks:
                row.extend(_found(look, row, missing))
            yield number, row, missing

    def _look(self, join: Join, feed: Feed, wanted: set[str]) -> Look:
        by = tuple(self.place(column) for column in join.on.values())
        keys = [feed.place(column) for column in join.on]
        kept = [name for name in feed.places if f"{join.name}.{name}" in wanted]
        self.mistakes += feed.mistakes
        self._theirs[join.name] = {name: self._width + number for number, name in enumerate(kept)}
        begins, self._width = self._width, self._width + len(kept)
        rows, several = _indexed(feed, keys, [feed.places[name] for name in kept])
        return Look(join, by, begins, [None] * len(kept), rows, frozenset() if join.first else frozenset(several))


def _found(look: Look, row: Line, missing: list[Missing]) -> Line:
    key = tuple(text(row[place]) for place in look.by)
    found, join = look.rows.get(key), look.join
    if key in look.several or (found is None and join.needed):
        why = _("{file} has several such rows.") if found else _("{file} has no such row.")
        missing.append(Missing(", ".join(join.on.values()), ", ".join(key), Message(why.text, {"file": join.file})))
    return look.nothing if found is None else found


def _indexed(feed: Feed, keys: list[int], kept: list[int]) -> tuple[dict[Key, Line], set[Key]]:
    """The wanted cells of a file by its key; of several rows with one key the first counts, and the key is named. They
    are all in memory: raises Unusable for more than a look-up needs."""
    rows: dict[Key, Line] = {}
    several: set[Key] = set()
    room = MOST_LETTERS
    for _number, row, _more in feed.rows(lambda _column, _text, _became: None):
        key = tuple(text(row[place]) for place in keys)
        if key in rows:
            several.add(key)
            continue
        found = rows[key] = [row[place] for place in kept]
        room -= sum(map(len, key)) + sum(len(cell) for cell in found if isinstance(cell, str))
        if len(rows) > MOST_ROWS or room < 0:
            name = feed.source.name
            raise Unusable(
                _("{file} is too large to look rows up in it: at most {most}.", file=name, most=f"{MOST_ROWS:,}")
            )
    return rows, several
