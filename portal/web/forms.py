"""A form as the person left it: what was typed, unchanged, and what is wrong with it, field by field.

Names are dotted paths (`lines.0.quantity`), the same in HTML, in JSON and in errors. Grids of lines grow and shrink
without JavaScript: their buttons `add_line` and `remove_line` post the whole form, and `grown()` gives it back changed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from portal.platform.i18n import Message, _
from portal.web.labels import FIELDS, label

MAX_ROWS = 2000
_ROW = re.compile(r"^(?P<grid>[a-z_]+)\.(?P<row>\d{1,5})\.(?P<rest>.+)$")


class Form(msgspec.Struct, frozen=True):
    """`values` are raw strings by field name; `errors` are `FieldError`s (field, message).

    `rows_named` says how people call a row where its place in the form is not its number (`lines.3` → “Line 2”),
    `fields_named` how they call a field that another of the same name stands beside; else the label on the page.
    """

    values: Mapping[str, Any] = {}
    errors: Sequence[Any] = ()
    rows_named: Mapping[str, Any] = {}
    fields_named: Mapping[str, Any] = {}

    @classmethod
    def typed(cls, values: Mapping[str, Any], errors: Sequence[Any] = ()) -> "Form":
        """What was sent, to be shown again: lines left blank close up, as they do where the errors were found."""
        return cls(dict(_closed_up(values)), errors)

    def value(self, name: str, default: Any = "") -> Any:
        value = self.values.get(name, default)
        return "" if value is None else value

    def error(self, name: str) -> Any:
        """The first thing wrong with this field, or an empty text."""
        return next((e.message for e in self.errors if e.field == name), "")

    def named(self, beginning: str) -> bool:
        """Whether a field of this group was filled or has a problem; what a choice says by itself is none."""
        filled = (name for name, value in self.values.items() if str(value or "").strip() not in ("", "any"))
        return any(name.startswith(beginning) for name in (*filled, *(e.field for e in self.errors)))

    def told(self, error: Any) -> Message | str:
        """A problem as the summary on top says it: which field of which line, then what is wrong."""
        named = self.fields_named.get(error.field) or label(error.field, self.rows_named)
        return _("{field}: {problem}", field=named, problem=error.message) if str(named) else error.message

    def row_told(self, row: str) -> list[tuple[str | None, Message | str]]:
        """What is wrong in one row of a grid (`lines.2`), by field; the first of a field with its element's id."""
        own = [error for error in self.errors if f"{error.field}.".startswith(f"{row}.")]
        named = {error.field: error for error in reversed(own)}
        return [(f"{self.id(e.field)}-error" if named[e.field] is e else None, self._in_row(e)) for e in own]

    def _in_row(self, error: Any) -> Message | str:
        named = FIELDS.get(error.field.rpartition(".")[2], "")
        return _("{field}: {problem}", field=named, problem=error.message) if named else error.message

    def id(self, name: str) -> str:
        """The element's id; the error summary links to it."""
        return "f-" + name.replace(".", "-")

    def attributes(self, name: str, hint: object = "", *, required: bool = False) -> dict[str, str]:
        """What a control needs to be named, described by its hint and its error, and told from a good one."""
        told = [f"{self.id(name)}-{part}" for part, text in (("hint", hint), ("error", self.error(name))) if text]
        given = {"id": self.id(name), "name": name}
        if required:
            given["aria-required"] = "true"
        if self.error(name):
            given["aria-invalid"] = "true"
        if told:
            given["aria-describedby"] = " ".join(told)
        return given

    def rows(self, grid: str) -> list[int]:
        """The numbers of a grid's rows, in order; a new form has one empty row."""
        found = {int(m["row"]) for m in map(_ROW.match, self.values) if m and m["grid"] == grid}
        return sorted(found)[:MAX_ROWS] or [0]


def grown(values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The form with one line more or less if `add_line` or `remove_line` was pressed, else None: go on and submit it.

    `add_line` names the grid (`lines`), `remove_line` the row (`lines.2`); rows after it move up, so that errors and
    values keep to their lines.
    """
    kept = {name: value for name, value in values.items() if name not in ("add_line", "remove_line")}
    if grid := str(values.get("add_line", "")):
        return {**kept, **_empty_row(kept, grid)}
    if removed := _ROW.match(f"{values.get('remove_line', '')}.x"):
        return dict(_without(kept, removed["grid"], int(removed["row"])))
    return None


def _empty_row(values: Mapping[str, Any], grid: str) -> dict[str, str]:
    last = max(Form(values).rows(grid))
    prefix = f"{grid}.{last}."
    return {f"{grid}.{last + 1}.{name.removeprefix(prefix)}": "" for name in values if name.startswith(prefix)}


def _without(values: Mapping[str, Any], grid: str, gone: int) -> Iterable[tuple[str, Any]]:
    for name, value in values.items():
        match = _ROW.match(name)
        if not match or match["grid"] != grid or int(match["row"]) < gone:
            yield name, value
        elif int(match["row"]) > gone:
            yield f"{grid}.{int(match['row']) - 1}.{match['rest']}", value


def _closed_up(values: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    split = [(name, _ROW.match(name), value) for name, value in values.items()]
    filled: dict[str, set[int]] = {}
    for _name, match, value in split:
        if match and str(value).strip():
            filled.setdefault(match["grid"], set()).add(int(match["row"]))
    places = {grid: {row: place for place, row in enumerate(sorted(rows))} for grid, rows in filled.items()}
    for name, match, value in split:
        if not match:
            yield name, value
        elif (place := places.get(match["grid"], {}).get(int(match["row"]))) is not None:
            yield f"{match['grid']}.{place}.{match['rest']}", value
