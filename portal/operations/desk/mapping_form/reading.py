"""From the values of a form to the mapping; what the form has no box for stays as it was."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

import msgspec

from portal.operations.desk.drafts import restored, stored, with_tables
from portal.operations.desk.mapping_form.writing import (
    COLUMN,
    CONSTANT,
    KEPT,
    LISTS,
    MORE_COLUMNS,
    is_simple,
    source_of,
)
from portal.operations.desk.open_questions import SETTLED, settled
from portal.operations.desk.samples import Sample
from portal.operations.imports.doubts import DATE, NUMBER
from portal.operations.imports.kinds import PARTS
from portal.operations.imports.mapping import Field, Format, Made, Rule, Table, Unusable
from portal.operations.imports.mapping import Mapping as Whole
from portal.operations.imports.values import Written, reader
from portal.platform.i18n import _
from portal.platform.refusals import FieldError, Invalid

ROWS = 60  # of a map or of rules
_ROW = re.compile(r"[1-9]\d{0,5}", re.ASCII)
_PART = re.compile(r"-?\d{1,3}", re.ASCII)
Values = Mapping[str, str]


def mapping_of(values: Values, before: Whole, kind: str, sources: Sequence[Sample]) -> Whole:
    """The mapping as the form has it now; raises Invalid with everything that is wrong, each at its box."""
    errors: list[FieldError] = []
    mapping = as_typed(values, before, kind, sources, errors)
    if errors:
        raise Invalid(errors=errors)
    try:
        return restored(stored(mapping))
    except Unusable as refusal:
        raise Invalid.field("", refusal.message) from refusal


def as_typed(
    values: Values, before: Whole, kind: str, sources: Sequence[Sample], errors: list[FieldError] | None = None
) -> Whole:
    """The mapping as far as the form has it, with what is wrong in `errors`."""
    errors = [] if errors is None else errors
    written = _format(values, before.format, errors)
    tables = {}
    for part, table in before.parts(kind).items():
        fields = dict(_fields(part, values, table, msgspec.structs.replace(before, format=written), errors))
        filled = _filled(part, values, table, fields)
        place = _place(part, values, table, before, sources)
        tables[part] = msgspec.structs.replace(table, **place, fields=fields, fill=filled)
    return with_tables(msgspec.structs.replace(before, format=written), kind, tables)


def _format(values: Values, before: Format, errors: list[FieldError]) -> Format:
    said: dict[str, Any] = {
        name: values.get(f"format.{name}", "") for name in ("decimal", "thousands", "encoding", "delimiter")
    }
    said |= {name: said[name] or None for name in ("encoding", "delimiter")}
    said |= {name: tuple(_lines(values.get(f"format.{name}", ""))) for name in LISTS}
    said["time_zone"] = values.get("format.time_zone") or before.time_zone
    if len(said["decimal"]) != 1:
        errors.append(FieldError("format.decimal", _("Choose the decimal mark.")))
        said["decimal"] = before.decimal
    if said["thousands"] == said["decimal"]:
        errors.append(FieldError("format.thousands", _("This is the decimal mark already.")))
    if said["time_zone"] not in available_timezones():
        errors.append(FieldError("format.time_zone", _("Choose a time zone.")))
        said["time_zone"] = before.time_zone
    return msgspec.structs.replace(before, **said)


def _place(part: str, values: Values, table: Table, whole: Whole, sources: Sequence[Sample]) -> dict[str, Any]:
    """Which file the part is read from, in which row its columns are named, and what several rows of one key are."""
    chosen = values.get(f"{part}.source", "")
    at = values.get(f"{part}.header", "")
    changed: dict[str, Any] = {"header": int(at) if _ROW.fullmatch(at) else None}
    others = {str(number) for number in range(len(sources))} - {source_of(table, whole, sources)}
    if chosen in others:
        source = sources[int(chosen)]
        changed |= {"file": source.name, "sheet": source.sheet}
    repeated = values.get(f"{part}.repeated", "")
    return changed | ({"repeated": repeated} if repeated in ("error", "same", "first", "last") else {})


def _filled(part: str, values: Values, table: Table, fields: Mapping[str, str | Field]) -> tuple[str, ...]:
    """The columns of ticked fields; those that no field had stay, for they have no box."""
    had = {column for field in table.plans().values() for column in field.sources}
    plans = msgspec.structs.replace(table, fields=fields).plans()
    ticked = [column for name, field in plans.items() if values.get(f"{part}.{name}.fill") for column in field.sources]
    stay = [column for column in table.fill if column not in had or column in ticked]
    return tuple(dict.fromkeys((*stay, *ticked)))


def _fields(
    part: str, values: Values, table: Table, whole: Whole, errors: list[FieldError]
) -> Iterator[tuple[str, str | Field]]:
    plans = table.plans()
    for name, spec in PARTS[part].fields.items():
        path = f"{part}.{name}"
        found = _field(path, values, plans.get(name), whole)
        if found is not None:
            for what in (DATE, NUMBER):
                found = settled(found, values.get(f"{path}.{SETTLED}.{what}", ""), whole.format, what)
            _check(path, found, spec.kind, whole.format, errors)
            yield name, found.column if found == Field(column=found.column) and found.column else found
        elif spec.required:
            errors.append(FieldError(f"{path}.from", _("This field is needed: choose its column, or give a value.")))


def _field(path: str, values: Values, before: Field | None, whole: Whole) -> Field | None:
    place, value = values.get(f"{path}.from", ""), values.get(f"{path}.value", "")
    if place == KEPT and before is not None:
        field = before
    elif place == CONSTANT:
        return Field(constant=value, prefix=values.get(f"{path}.prefix", ""))
    elif place.startswith(COLUMN) and len(place) > len(COLUMN):
        kept = before if before is not None and is_simple(before) and before.constant is None else Field()
        field = msgspec.structs.replace(kept, **_source(path, values, place))
    else:
        return None
    return msgspec.structs.replace(
        field,
        default=value or None,
        prefix=values.get(f"{path}.prefix", ""),
        times=values.get(f"{path}.times", "").strip() or None,
        dates=tuple(_lines(values.get(f"{path}.dates", ""))),
        map=_map(path, values, before, whole),
        rules=_rules(path, values, before),
    )


def text_of(path: str, values: Values, place: str) -> Made:
    """What the boxes say of where a field's text comes from; a part that is none counts as the first."""
    made = Made(**_source(path, values, place))
    return made if made.part or not made.split else msgspec.structs.replace(made, part=1)


def _source(path: str, values: Values, place: str) -> dict[str, Any]:
    """The column, or a few with what stands between them; of that, the part between signs."""
    more = [values.get(f"{path}.and.{number}", "") for number in range(MORE_COLUMNS)]
    columns = tuple(each.removeprefix(COLUMN) for each in (place, *more) if each.startswith(COLUMN) and each != COLUMN)
    part = values.get(f"{path}.part", "").strip() or "1"
    return {
        "column": columns[0] if len(columns) == 1 else None,
        "columns": columns if len(columns) > 1 else (),
        "between": values.get(f"{path}.between", " "),
        "split": values.get(f"{path}.split") or None,
        "like": values.get(f"{path}.like") or None,
        "part": int(part) if _PART.fullmatch(part) else 0,
    }


def _map(path: str, values: Values, before: Field | None, whole: Whole) -> Any:
    """Their words with ours. A word without ours is left out, so that the run asks for it; what the mapping says of
    empty cells, or makes empty, has no box and stays."""
    known = (whole.values_of(before) if before is not None else None) or {}
    pairs = {theirs: ours for theirs, ours in known.items() if not theirs or not ours}
    for number in range(ROWS):
        theirs, ours = (values.get(f"{path}.map.{number}.{side}", "") for side in ("theirs", "ours"))
        if theirs and ours:
            pairs[theirs] = ours
    if before is not None and pairs == known:
        return before.map
    return None if all(theirs == ours for theirs, ours in pairs.items()) else pairs


def _rules(path: str, values: Values, before: Field | None) -> tuple[Rule, ...]:
    patterns = tuple(rule for rule in before.rules if rule.like is not None) if before is not None else ()
    return (*_said(path, values), *patterns)


def _said(path: str, values: Values) -> Iterator[Rule]:
    for number in range(ROWS):
        text, what = values.get(f"{path}.rules.{number}.text", ""), values.get(f"{path}.rules.{number}.what", "")
        if text and what:
            to = values.get(f"{path}.rules.{number}.to", "") if what == "to" else "" if what == "empty" else None
            yield Rule(texts=text, to=to, reject=what == "reject")


def _check(path: str, field: Field, kind: Any, written: Format, errors: list[FieldError]) -> None:
    """A value that stands for all rows must be one, and parts are counted from 1, or from the end."""
    if field.split and field.part == 0:
        errors.append(FieldError(f"{path}.part", _("Enter 1 for the first part, 2 for the second, -1 for the last.")))
    dates = field.dates or written.dates
    read = reader(kind, Written(written.decimal, written.thousands, dates, written.time_zone))
    for text in (field.constant, None if field.map else field.default):
        if text:
            try:
                read(field.prefix + text)
            except ValueError as refusal:
                errors.append(FieldError(f"{path}.value", refusal.args[0]))
    if field.constant == "":
        errors.append(FieldError(f"{path}.value", _("Enter the value that holds for all rows.")))


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.strip():
            yield line.strip()
