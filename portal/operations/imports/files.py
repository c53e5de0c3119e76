"""The files of one run, found by the names that the mapping has for them."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatch
from pathlib import Path
from threading import Event

from portal.operations.imports.feeds import Feed
from portal.operations.imports.mapping import Format, Mapping, Rows, Table, Unusable
from portal.operations.imports.sources import Sheets, Source, look
from portal.platform.i18n import _


def header_in(rules: Iterable[Rows]) -> int | None:
    """In which row the names of the columns are, by the first that says it."""
    return next((rule.header for rule in rules if rule.header is not None), None)


class Files:
    """Each file is one of those given, else it lies beside the first of them. The mapping may have a name of its own
    for it, with what is done to its rows for everybody who reads them. Opened sheets stay in memory as long as this
    does; once `stop` is set, nothing more is read."""

    def __init__(self, given: Sequence[Path], mapping: Mapping, stop: Event | None = None) -> None:
        self._given, self._mapping, self._stop = [path.absolute() for path in given], mapping, stop
        self._sheets = Sheets()
        self._open: dict[tuple[Path, str | None, str], Source] = {}

    def __call__(self, name: str, sheet: str | None, table: Table | None = None) -> Feed:
        """The rows of a file; those of a table's own file with what the table does to them."""
        own = [table] if table is not None else []
        named = self._mapping.files.get(name)
        if named is None:
            return self._feed(name, sheet, self._mapping.format, own)
        return self._feed(named.file, sheet or named.sheet, named.format or self._mapping.format, [named, *own])

    def read(self) -> list[Source]:
        return list({source.path: source for source in self._open.values()}.values())

    def unused(self) -> list[str]:
        used = {path for path, *_how in self._open}
        return [path.name for path in self._given if path not in used]

    def _feed(self, name: str, sheet: str | None, written: Format, rules: Sequence[Rows]) -> Feed:
        path, header = self._find(name), header_in(reversed(rules))
        key = (path, sheet, f"{written.encoding} {written.delimiter} {header}")
        if key not in self._open:
            self._open[key] = look(path, written, sheet, self._sheets, header)
        return Feed(self._open[key], written, *rules, stop=self._stop)

    def _find(self, name: str) -> Path:
        beside = sorted(path for path in self._given[0].parent.iterdir() if path.is_file())
        for path in (*self._given, *beside):
            if fnmatch(path.name.lower(), name.lower()):
                return path
        given = ", ".join(path.name for path in self._given)
        raise Unusable(
            _("The mapping wants {name}, which is neither among {given} nor beside it.", name=name, given=given)
        )
