"""From rows of cells to rows of fields, as the mapping says; every problem of every row is collected on the way."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import msgspec

from portal.operations.imports.cells import NOTHING, Reading
from portal.operations.imports.feeds import Line
from portal.operations.imports.joins import Joins, Missing, Opener
from portal.operations.imports.kinds import Part
from portal.operations.imports.mapping import Field, Mapping, Table, Unusable
from portal.operations.imports.problems import Problem, Problems
from portal.operations.imports.records import Gathered, Seen
from portal.operations.imports.treated import REPEATED, Treatments
from portal.operations.imports.values import text
from portal.platform.i18n import Message, _

Values = dict[str, Any]
Read = tuple[int, Values, Values, frozenset[str]]  # number, values, what stays as it came, fields nobody can read
NONE: frozenset[str] = frozenset()
EMPTY = _("This must not be empty.")


class Translator:
    """One part's rows, translated. Mistakes of the mapping itself are refused when it is made, all at once."""

    def __init__(self, part: Part, table: Table, mapping: Mapping, files: Opener) -> None:
        self.part, self._table = part, table
        self.is_alone = False  # nothing else is made of these rows: one that says the same once more is worth a word
        self.without: frozenset[int] = frozenset()  # numbers of rows that are passed over
        fields = table.plans()
        named = {column for field in fields.values() for column in field.sources}
        beside = {column for join in table.joins for column in join.on.values()}
        self._joins = Joins(table, files, named | beside | {*table.keep})
        self.source = self._joins.source
        self._mistakes = [*_misnamed(part, table, fields)]
        self._readings = {name: self._reading(name, fields[name], mapping) for name in part.fields if name in fields}
        self._fixed = {name: self._constant(each) for name, each in self._readings.items() if not each.places}
        self._varied = [each for each in self._readings.values() if each.places]
        self._status = next((each for each in self._varied if each.name == "state"), None)
        self._kept = [(name, self._joins.place(name)) for name in table.keep]
        if mistakes := [*self._mistakes, *self._joins.mistakes]:
            raise Unusable(
                _("The mapping does not fit. {mistakes}", mistakes=" ".join(dict.fromkeys(map(str, mistakes))))
            )

    @property
    def mapped(self) -> frozenset[str]:
        """The fields that the mapping says anything about."""
        return frozenset(self._readings)

    def watched(self) -> list[Reading]:
        """The fields that come from columns."""
        return self._varied

    def column_of(self, field: str) -> str:
        """The column a field comes from, for messages; the field's own name where it comes from none."""
        reading = self._readings.get(field)
        return reading.field.sources[0] if reading and reading.places else field

    def rows(self, problems: Problems, treatments: Treatments | None = None) -> Iterator[Values]:
        """Each record as its staging table takes it. What could not be read is null there and a problem here, so that
        later checks still see it."""
        noted = partial((treatments or Treatments()).note, self.part.name, self.source.name)
        if self._table.repeated == "error":
            for number, values, kept, _unread in self._read(problems, noted, frozenset()):
                yield self._staged(number, values, kept)
            return
        gathered = Gathered(self.part, self._readings, self._table.repeated)
        for row in self._read(problems, noted, gathered.waits_for):
            before = len(gathered)
            self._tell(problems, row[0], gathered.add(*row))
            if self.is_alone and len(gathered) == before:
                noted("", REPEATED, "")
        for number, column in gathered.wanting():
            self._tell(problems, number, [Missing(column, "", EMPTY)])
        for number, values, kept in gathered.records():
            yield self._staged(number, values, kept)

    def _tell(self, problems: Problems, number: int, wrong: Iterable[Missing]) -> None:
        for column, value, reason in wrong:
            problems.error(self.part.name, Problem(self.source.name, number, column, value, reason))

    def given(self, names: Sequence[str] = ()) -> Iterator[tuple[int, Line, tuple[Any, ...]]]:
        """Each row's number and cells as its file has them, with what these fields say (None: nothing, or nothing that
        can be read): for telling which rows are one record, and for giving rows back."""
        readings = [(self._readings.get(name), self._fixed.get(name)) for name in names]
        width = len(self.source.header)
        for number, row, _missing in self._joins.rows(lambda _column, _text, _became: None):
            yield number, row[:width], tuple(_told(reading, fixed, row) for reading, fixed in readings)

    def _read(self, problems: Problems, noted: Any, waits: frozenset[str]) -> Iterator[Read]:
        """Each row's values; `waits` are fields that another row of its record may say."""
        nothing: Values = dict.fromkeys(self.part.fields) | self._fixed
        seen = Seen(self._repeats(), self._used())
        for number, row, missing in self._joins.rows(noted):
            if number in self.without:
                continue
            if seen(row):
                if self.is_alone:
                    noted("", REPEATED, "")
                continue
            values, wrong, unread = nothing.copy(), missing, NONE
            for reading in self._varied:
                try:
                    values[reading.name] = self._value(reading, row, noted)
                    if values[reading.name] is None and reading.spec.required:
                        unread |= {reading.name}  # the row that it was looked up in is missing, which was said
                except ValueError as refusal:
                    shown = text(reading.cell(row))
                    if refusal.args[0] is EMPTY and reading.name in waits and not shown:
                        continue
                    wrong = [*wrong, Missing(reading.field.sources[0], shown, refusal.args[0])]
                    unread |= {reading.name}
            self._tell(problems, number, wrong)
            yield number, values, self._aside(row), unread

    def _value(self, reading: Reading, row: Line, noted: Any) -> Any:
        value, treated = reading.told(reading.cell(row))
        if treated is not None:
            noted(reading.field.sources[0], *treated)
        return value if value is not NOTHING else self._nothing(reading, row)

    def _nothing(self, reading: Reading, row: Line) -> Any:
        """A problem only where something is needed, and not where a whole row is missing that complains by itself."""
        excused = any(row[place] is None and self._joins.complains(place) for place in reading.places)
        if reading.spec.required and not excused:
            raise ValueError(EMPTY)
        return reading.spec.empty

    def _aside(self, row: Line) -> Values:
        """What stays with the record as it came: the columns that the mapping keeps, and the source's own status."""
        kept: Values = {"values": {name: text(row[place]) for name, place in self._kept}} if self._kept else {}
        if self._status is not None:
            kept["status"] = text(self._status.cell(row))
        return kept

    def _staged(self, number: int, values: Values, kept: Values) -> Values:
        said = {name: value for name, value in values.items() if value is not None}
        digest = hashlib.sha256(msgspec.json.encode([said, kept], enc_hook=str)).hexdigest()
        return values | {"place": number, "digest": digest, "kept": kept}

    def _repeats(self) -> bool:
        """Whether a row that says the same as one before it can be passed over: not where rows are added up, or the
        last one holds."""
        takes = {self._table.repeated, *(reading.field.take for reading in self._varied)}
        return not takes & {"error", "sum", "last"}

    def _used(self) -> tuple[int, ...]:
        places = {place for reading in self._varied for place in reading.places}
        return tuple(sorted(places | {place for _name, place in self._kept}))

    def _reading(self, name: str, field: Field, mapping: Mapping) -> Reading:
        places = tuple(self._joins.place(column) for column in field.sources)
        reading = Reading(name, field, places, self.part.fields[name], self._joins.format)
        return reading.mapped_by(mapping.values_of(field))

    def _constant(self, reading: Reading) -> Any:
        try:
            value = reading.fixed()
            return reading.spec.empty if value is NOTHING else value
        except ValueError as refusal:
            self._mistakes.append(_("Field {name}: {why}", name=reading.name, why=refusal.args[0]))


def _told(reading: Reading | None, fixed: Any, row: Line) -> Any:
    if reading is None or not reading.places:
        return fixed
    try:
        value = reading.told(reading.cell(row)).value
    except ValueError:
        return None
    return None if value is NOTHING else value


def _misnamed(part: Part, table: Table, fields: dict[str, Field]) -> Iterator[Message]:
    for name in fields.keys() - part.fields.keys():
        yield _("There is no field {name} in {part}.", name=name, part=part.name)
    for name, spec in part.fields.items():
        if spec.required and name not in fields:
            yield _("The field {name} of {part} is needed.", name=name, part=part.name)
    if table.repeated != "error" and not part.known_by(fields):
        yield _("Rows of {part} have no key by which they could be repeated.", part=part.name)
