"""From rows of cells to rows of fields, as the mapping says; every problem of every row is collected on the way."""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from portal.operations.imports.joins import Joined, Joins, Opener, Place, cell_at, shown
from portal.operations.imports.kinds import Part, Spec
from portal.operations.imports.mapping import Field, Mapping, Table, Unusable
from portal.operations.imports.problems import Problem, Problems
from portal.operations.imports.values import Cell, Reader, Written, reader, text
from portal.platform.i18n import Message, _


class Plan(NamedTuple):
    """How one field of a row is made."""

    name: str
    field: Field
    places: tuple[Place, ...]
    map: dict[str, str] | None
    spec: Spec
    read: Reader


class Translator:
    """One part's rows, translated. Mistakes of the mapping itself are refused when it is made, all at once."""

    def __init__(self, part: Part, table: Table, mapping: Mapping, files: Opener) -> None:
        self.part = part
        self.without: frozenset[int] = frozenset()  # numbers of rows that are passed over
        self._format = mapping.format
        self._empties = frozenset(mapping.format.empty)
        fields = table.plans()
        named = {column for field in fields.values() for column in field.sources}
        beside = {column for join in table.joins for column in join.on.values()}
        self._joins = Joins(table, files, named | beside | {*table.keep})
        self.source = self._joins.source
        self._mistakes = [*_misnamed(part, fields)]
        self._fixed: dict[str, Any] = {}
        self._plans = [self._plan(name, fields[name], mapping) for name in part.fields if name in fields]
        self._status = next((plan for plan in self._plans if plan.name == "state" and plan.places), None)
        self._kept = [(name, place) for name in table.keep if (place := self._joins.place(name)) is not None]
        if mistakes := [*self._mistakes, *self._joins.mistakes]:
            raise Unusable(
                _("The mapping does not fit. {mistakes}", mistakes=" ".join(dict.fromkeys(map(str, mistakes))))
            )

    @property
    def mapped(self) -> frozenset[str]:
        """The fields that the mapping says anything about."""
        return frozenset(plan.name for plan in self._plans)

    def column_of(self, field: str) -> str:
        """The column a field comes from, for messages; the field's own name where it comes from none."""
        return next((plan.field.sources[0] for plan in self._plans if plan.name == field and plan.places), field)

    def rows(self, problems: Problems) -> Iterator[dict[str, Any]]:
        """Each row as its staging table takes it. What could not be read is null there and a problem here, so that
        later checks still see the row."""
        nothing: dict[str, Any] = dict.fromkeys(self.part.fields)
        for number, row, missing in self._joins.rows():
            if number in self.without:
                continue
            wrong = [(found.column, found.value, found.reason) for found in missing]
            values = nothing | self._fixed
            for plan in self._plans:
                try:
                    if plan.places:
                        values[plan.name] = self._value(plan, row)
                except ValueError as refusal:
                    wrong.append((plan.field.sources[0], self._said(plan, row), refusal.args[0]))
            for column, value, reason in wrong:
                problems.error(self.part.name, Problem(self.source.name, number, column, value, reason))
            yield self._staged(number, values, row)

    def _staged(self, number: int, values: dict[str, Any], row: Joined) -> dict[str, Any]:
        kept: dict[str, Any] = {"values": {name: shown(row, place) for name, place in self._kept}} if self._kept else {}
        if self._status is not None:
            kept["status"] = self._said(self._status, row)
        said = {name: value for name, value in values.items() if value is not None}
        digest = hashlib.sha256(msgspec.json.encode([said, kept], enc_hook=str)).hexdigest()
        return values | {"place": number, "digest": digest, "kept": kept}

    def _value(self, plan: Plan, row: Joined) -> Any:
        field = plan.field
        cell: Cell = cell_at(row, plan.places[0]) if len(plan.places) == 1 else self._said(plan, row)
        said = text(cell)
        if not said or said in self._empties:
            cell = said = field.default or ""
        if plan.map is not None:
            cell = said = _mapped(plan.map, field, said)
        if not said:
            return self._nothing(plan, row)
        return plan.read(field.prefix + said if field.prefix else cell)

    def _said(self, plan: Plan, row: Joined) -> str:
        return plan.field.between.join(said for place in plan.places if (said := shown(row, place)))

    def _nothing(self, plan: Plan, row: Joined) -> Any:
        """A problem only where something is needed, and not where a whole row is missing that complains by itself."""
        excused = any(row[place.which] is None and self._joins.complains(place.which) for place in plan.places)
        if plan.spec.required and not excused:
            raise ValueError(_("This must not be empty."))
        return plan.spec.empty

    def _plan(self, name: str, field: Field, mapping: Mapping) -> Plan:
        spec = self.part.fields[name]
        dates = field.dates or self._format.dates
        written = Written(self._format.decimal, self._format.thousands, dates, self._format.time_zone)
        places = tuple(place for column in field.sources if (place := self._joins.place(column)) is not None)
        plan = Plan(name, field, places, mapping.values_of(field), spec, reader(spec.kind, written))
        if field.constant is not None:
            try:
                self._fixed[name] = plan.read(field.prefix + field.constant)
            except ValueError as refusal:
                self._mistakes.append(_("Field {name}: {why}", name=name, why=refusal.args[0]))
        return plan


def _mapped(values: dict[str, str], field: Field, said: str) -> str:
    found = values.get(said, field.otherwise)
    if found is None and said:
        names = ", ".join(list(values)[:20])
        raise ValueError(_("The value map does not name this; it names {names}.", names=names))
    return found or ""


def _misnamed(part: Part, fields: dict[str, Field]) -> Iterator[Message]:
    for name in fields.keys() - part.fields.keys():
        yield _("There is no field {name} in {part}.", name=name, part=part.name)
    for name, spec in part.fields.items():
        if spec.required and name not in fields:
            yield _("The field {name} of {part} is needed.", name=name, part=part.name)
