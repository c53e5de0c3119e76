"""A file's first rows as the importer reads a whole file: for proposing a mapping, for a preview, for values to map."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from portal.operations.desk.glance import Glance, Seen, cell_of
from portal.operations.imports.feeds import Feed, joined, part_of
from portal.operations.imports.files import header_in
from portal.operations.imports.headers import Row
from portal.operations.imports.mapping import Made, Table, Unusable
from portal.operations.imports.mapping import Mapping as Whole
from portal.operations.imports.sources import Source, headed
from portal.operations.imports.values import text
from portal.platform.i18n import _

MOST_VALUES = 25


class Sample(Source):
    """A source whose rows are the few that were kept of it."""

    kept: list[tuple[int, list[Any]]]
    whole: bool
    made: list[Row]  # of what was kept, once somebody asked

    def rows(self, again: Callable[[], None] = lambda: None) -> Iterator[Row]:
        if not self.made:
            self.made += [(number, [cell_of(cell) for cell in cells]) for number, cells in self.kept]
        for number, cells in self.made:
            yield number, [*cells]


Glances = Mapping[str, Glance]  # by the file's name


def sample(name: str, glance: Glance, seen: Seen, header: int | None = None) -> Sample:
    """A file or sheet as far as it is known, with its header in the row of this number if one is given."""
    top = tuple((number, [cell_of(cell) for cell in cells]) for number, cells in seen.top)
    how = (Path(name), glance.sha256, glance.encoding, glance.delimiter, seen.name, tuple(seen.header), seen.lines)
    source = Sample(*how, at=seen.at, top=top)
    source.kept, source.whole, source.made = seen.rows, seen.whole, []
    return below(source, header)


def below(source: Sample, header: int | None) -> Sample:
    """The same table with its header in another row; raises Unusable if that says nothing."""
    if header in (None, source.at):
        return source
    known = dict([*source.top, *source.rows()])
    found = Sample(*headed(source, source.top, header))
    found.kept, found.whole = [], source.whole
    found.made = [(number, cells) for number, cells in known.items() if number > found.at]
    return found


def samples(glances: Glances) -> list[Sample]:
    """Every sheet of every file."""
    return [sample(name, glance, seen) for name, glance in glances.items() for seen in glance.sheets]


class Samples:
    """Stands where an import has its files: opens them by name, as a mapping asks for them."""

    def __init__(self, glances: Glances, mapping: Whole) -> None:
        self._glances, self._mapping = glances, mapping

    def __call__(self, name: str, sheet: str | None, table: Table | None = None) -> Feed:
        own = [table] if table is not None else []
        named = self._mapping.files.get(name)
        if named is None:
            return Feed(self._source(name, sheet, header_in(own)), self._mapping.format, *own)
        written, header = named.format or self._mapping.format, header_in([*own, named])
        return Feed(self._source(named.file, sheet or named.sheet, header), written, named, *own)

    def _source(self, name: str, sheet: str | None, header: int | None) -> Source:
        for own, glance in self._glances.items():
            if fnmatch(own.lower(), name.lower()):
                seen = glance.sheet(sheet)
                if seen is None:
                    raise Unusable(_("{file} has no sheet {sheet}.", file=own, sheet=sheet))
                return sample(own, glance, seen, header)
        given = ", ".join(self._glances)
        raise Unusable(_("The mapping wants {name}, which is not among {given}.", name=name, given=given))

    def cut(self, name: str) -> bool:
        """Whether the file has more rows than were kept."""
        return any(fnmatch(own.lower(), name.lower()) and not g.sheets[0].whole for own, g in self._glances.items())


def example(source: Source, made: Made) -> str:
    """The first text that a field would have: of a column, or of several put together, the part that is meant."""
    if not {*made.sources} <= {*source.names}:
        return ""
    places, part = tuple(source.names.index(column) for column in made.sources), part_of(made)
    lines = ([*cells, *[""] * (len(source.names) - len(cells))] for _number, cells in source.rows())
    return next((said for line in lines if (said := part(joined(line, places, made.between)))), "")


def values(source: Source, column: str, most: int = MOST_VALUES) -> list[str]:
    """The different things that stand in a column of the first rows, in the order in which they come."""
    if column not in source.names:
        return []
    at = source.names.index(column)
    found: dict[str, None] = {}
    for _number, cells in source.rows():
        if len(cells) > at and (said := text(cells[at])):
            found.setdefault(said)
            if len(found) == most:
                break
    return list(found)


def holding(sources: Sequence[Sample], columns: set[str]) -> Sample | None:
    """The source that has most of these columns, if any has one."""
    best = max(sources, key=lambda source: len(columns & {*source.names}), default=None)
    return best if best is not None and columns & {*best.names} else None
