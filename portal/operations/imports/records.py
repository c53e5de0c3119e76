"""One record out of several rows: an order whose header stands on each of its lines, an item that comes twice.

Rows of one record may lie anywhere in a file, so records are in memory until its end, and their number is bounded.
"""

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from portal.operations.imports.cells import Reading
from portal.operations.imports.feeds import Line
from portal.operations.imports.joins import Missing
from portal.operations.imports.kinds import Part
from portal.operations.imports.mapping import Unusable
from portal.operations.imports.values import text
from portal.platform.decimals import total
from portal.platform.i18n import _

Values = dict[str, Any]
Key = tuple[Any, ...]
MOST_SEEN = 2_000_000  # rows, 90 bytes each
MOST = 300_000  # records in memory, a kilobyte each at most


class Seen:
    """Rows that say what another one said before, as far as a part listens: nothing needs to be read twice."""

    def __init__(self, asked: bool, places: tuple[int, ...]) -> None:
        self._asked, self._places = asked, places
        self._seen: set[bytes] = set()

    def __call__(self, row: Line) -> bool:
        if not self._asked:
            return False
        if len(self._seen) >= MOST_SEEN:
            return False  # nothing but time is lost
        said = "\0".join([text(row[place]) for place in self._places])
        digest = hashlib.blake2b(said.encode(errors="surrogatepass"), digest_size=16).digest()
        before = len(self._seen)
        self._seen.add(digest)
        return len(self._seen) == before


class Gathered:
    """Rows by the key of their record. Of each field one value holds: as the mapping says of the field or the table."""

    def __init__(self, part: Part, readings: dict[str, Reading], repeated: str) -> None:
        self._names = tuple(part.fields)
        key = part.known_by(readings)
        self._key = tuple(self._names.index(name) for name in key)
        self._rules = [
            (self._names.index(name), reading.field.take or repeated, (reading.field.sources or (name,))[0])
            for name, reading in readings.items()
            if name not in key
        ]
        self._needed = [
            (name, self._names.index(name), reading.field.sources[0])
            for name, reading in readings.items()
            if reading.spec.required and reading.places and name not in key
        ]
        self._records: dict[Key, tuple[int, list[Any], Values]] = {}
        self._unread: dict[Key, set[str]] = {}  # fields that some row of the record says, but nobody can read
        self._alone: list[tuple[int, list[Any], Values]] = []

    def __len__(self) -> int:
        return len(self._records) + len(self._alone)

    @property
    def waits_for(self) -> frozenset[str]:
        """Fields that every record needs, and not every row of it."""
        return frozenset(name for name, _place, _column in self._needed)

    def add(self, number: int, values: Values, kept: Values, unread: frozenset[str] = frozenset()) -> list[Missing]:
        """Take a row in; gives what it says otherwise than the record's other rows where they must agree."""
        said = list(values.values())
        key = tuple(said[place] for place in self._key)
        if key[0] is None:  # without its key the row was refused already: it stands for itself
            self._alone.append((number, said, kept))
            return []
        if unread:
            self._unread.setdefault(key, set()).update(unread)
        if key not in self._records:
            if len(self._records) >= MOST:
                raise Unusable(
                    _("More than {most} records of several rows each cannot be put together at once.", most=f"{MOST:,}")
                )
            self._records[key] = (number, said, kept)
            return []
        first, record, _kept = self._records[key]
        wrong = []
        for place, take, column in self._rules:
            try:
                record[place] = _taken(take, record[place], said[place])
            except ValueError:
                reason = _("Row {other} says {value} of the same record.", other=first, value=str(record[place]))
                wrong.append(Missing(column, str(said[place]), reason))
        return wrong

    def wanting(self) -> Iterator[tuple[int, str]]:
        """The first rows of records of which no row says something that is needed, with its column."""
        for key, (number, said, _kept) in self._records.items():
            for name, place, column in self._needed:
                if said[place] is None and name not in self._unread.get(key, ()):
                    yield number, column

    def records(self) -> Iterator[tuple[int, Values, Values]]:
        for number, said, kept in (*self._alone, *self._records.values()):
            yield number, dict(zip(self._names, said, strict=True)), kept


def _taken(take: str, held: Any, said: Any) -> Any:
    """Which of two values a record has. An empty cell says nothing; raises ValueError where they must agree."""
    if held in (None, "", []) or said in (None, "", []):
        return said if held in (None, "", []) else held
    if take in ("same", "first"):
        if take == "same" and held != said:
            raise ValueError
        return held
    if take == "sum":
        return total([Decimal(held), Decimal(said)])
    return said if take == "last" else min(held, said) if take == "least" else max(held, said)
