"""One field of each row: from its cells to its value, by the rules of the mapping."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from portal.operations.imports.doubts import DATE, NUMBER, Doubts
from portal.operations.imports.feeds import Line, fitting, joined, part_of
from portal.operations.imports.kinds import Spec
from portal.operations.imports.mapping import Field, Format, Rule
from portal.operations.imports.patterns import compiled
from portal.operations.imports.values import Cell, Written, reader, text
from portal.platform.i18n import _

REMEMBERED = 20_000  # values repeat from row to row
NOTHING = object()  # the cell says nothing, and a map did not make something of that


class Told(NamedTuple):
    """What a field's text says after the rules: the cell or text to read, and what was done to it, if anything."""

    value: Any
    treated: tuple[str, str] | None  # the text or pattern, and what it became


class Reading:
    """How one field is read. Values that were read once are remembered with what was done to them."""

    def __init__(self, name: str, field: Field, places: tuple[int, ...], spec: Spec, written: Format) -> None:
        self.name, self.field, self.places, self.spec = name, field, places, spec
        self._empties = frozenset((*written.empty, *field.empty))
        self._rules = [(fitting(rule), rule) for rule in field.rules]
        self._part = part_of(field)
        self._map: dict[str, str] | None = None
        self._read = reader(spec.kind, written_as(field, written))
        self.doubts = Doubts(spec.kind, written_as(field, written), settled_by(field))
        self._plain = len(places) == 1 and field.split is None and field.like is None
        self.told: Callable[[Any], Told] = lru_cache(REMEMBERED, typed=True)(self._tell)  # 0.13 and 13 % are two things

    def mapped_by(self, values: dict[str, str] | None) -> "Reading":
        self._map = values
        return self

    def cell(self, row: Line) -> Cell | None:
        """The field's cell, or the text that is made of several or of a part of one."""
        if self._plain:
            return row[self.places[0]]
        return self._part(joined(row, self.places, self.field.between))

    def fixed(self) -> Any:
        """The value of a field that is the same in all rows."""
        return self._tell(self.field.constant or "").value

    def _tell(self, cell: Cell | None) -> Told:
        said, treated = self._ruled(text(cell))
        if treated is not None:
            cell = said
        if not said:
            cell = said = self.field.default or ""
        if self._map is not None:
            cell = said = _mapped(self._map, self.field, said)
        if not said:
            return Told(NOTHING, treated)
        assert cell is not None, "what says something is there"
        self.doubts.see(cell)
        return Told(self._read(self.field.prefix + said if self.field.prefix else cell), treated)

    def _ruled(self, said: str) -> tuple[str, tuple[str, str] | None]:
        """The first rule that fits holds; then come the texts that mean nothing."""
        for fits, rule in self._rules:
            fit = fits(said)
            if fit is not None:
                return _by_rule(rule, said, fit)
        return ("", (said, "")) if said in self._empties and said else (said, None)


def written_as(field: Field, written: Format) -> Written:
    """How the numbers and dates of a field are written: as it says itself, else as its file."""
    return Written(
        decimal=field.decimal or written.decimal,
        thousands=written.thousands if field.thousands is None else field.thousands,
        dates=field.dates or written.dates,
        time_zone=written.time_zone,
        signs=written.signs,
        language=written.language,
        times=field.times,
    )


def settled_by(field: Field) -> dict[str, bool]:
    """What the mapping says of this very field."""
    return {DATE: bool(field.dates), NUMBER: field.decimal is not None or field.thousands is not None}


def _by_rule(rule: Rule, said: str, fit: str) -> tuple[str, tuple[str, str] | None]:
    if rule.to is None:
        raise ValueError(_("The mapping rejects this."))
    if rule.like is None:
        return rule.to, (fit, rule.to)
    return compiled(rule.like).becomes(said, rule.to) or "", (fit, rule.to)


def _mapped(values: dict[str, str], field: Field, said: str) -> str:
    found = values.get(said, field.otherwise)
    if found is None and said:
        if not values:
            raise ValueError(_("The mapping does not say what this means."))
        names = ", ".join(list(values)[:20])
        raise ValueError(_("The mapping does not say what this means; it knows {names}.", names=names))
    return found or ""
