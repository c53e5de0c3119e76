"""From a mapping to the values of its form."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatch

from portal.operations.desk.samples import Sample
from portal.operations.imports.kinds import PARTS
from portal.operations.imports.mapping import Field, Format, Mapping, Rule, Table

COLUMN, CONSTANT, KEPT = "c:", "constant", "kept"  # what `from` says: a column's name, a text for all, as it was
MORE_COLUMNS = 2  # that boxes put behind the first one
LISTS = ("dates", "signs", "empty")


def form_of(mapping: Mapping, kind: str, sources: Sequence[Sample]) -> dict[str, str]:
    """Each box of the form with what the mapping says."""
    values = dict(_format(mapping.format))
    for part, table in mapping.parts(kind).items():
        values[f"{part}.source"] = source_of(table, mapping, sources)
        values[f"{part}.repeated"] = table.repeated
        values[f"{part}.header"] = str(table.header or "")
        plans = table.plans()
        for name in PARTS[part].fields:
            values |= _field(f"{part}.{name}", plans.get(name), mapping)
            if name in plans and is_filled(plans[name], table):
                values[f"{part}.{name}.fill"] = "1"
    return values


def is_simple(field: Field) -> bool:
    """Whether boxes can say where its text comes from: a column or a few put together, of that a part between signs or
    what fits a pattern; or a constant."""
    is_short = not field.columns or 1 < len(field.columns) <= 1 + MORE_COLUMNS
    return is_short and not field.take


def is_filled(field: Field, table: Table) -> bool:
    """Whether an empty cell of its columns says what the row above says, by the table's own word."""
    return bool(field.sources) and {*field.sources} <= {*table.fill}


def simple_rules(field: Field) -> Iterator[tuple[str, Rule]]:
    """The rules that boxes can say: of texts, not of patterns; one for each text."""
    for rule in field.rules:
        if rule.like is None:
            for text in rule.named:
                yield text, rule


def _format(written: Format) -> Iterator[tuple[str, str]]:
    for name in ("encoding", "delimiter", "decimal", "thousands", "time_zone"):
        yield f"format.{name}", getattr(written, name) or ""
    for name in LISTS:
        yield f"format.{name}", "\n".join(getattr(written, name))


def source_of(table: Table, mapping: Mapping, sources: Sequence[Sample]) -> str:
    """The number of the file or sheet that a table reads; nothing if it is not there."""
    named = mapping.files.get(table.file)
    file, sheet = (named.file, table.sheet or named.sheet) if named is not None else (table.file, table.sheet)
    for number, source in enumerate(sources):
        if fnmatch(source.name.lower(), file.lower()) and sheet in (None, source.sheet):
            return str(number)
    return ""


def _field(path: str, field: Field | None, mapping: Mapping) -> dict[str, str]:
    if field is None:
        return {f"{path}.from": ""}
    first, *more = field.sources or ("",)
    place = CONSTANT if field.constant is not None else COLUMN + first if is_simple(field) else KEPT
    values = {f"{path}.from": place, f"{path}.value": field.constant or field.default or ""}
    values |= {f"{path}.prefix": field.prefix, f"{path}.dates": "\n".join(field.dates)}
    if is_simple(field):
        values |= {f"{path}.and.{number}": COLUMN + column for number, column in enumerate(more)}
        values |= {
            f"{path}.between": field.between,
            f"{path}.split": field.split or "",
            f"{path}.like": field.like or "",
            f"{path}.times": field.times or "",
            f"{path}.part": str(field.part),
        }
    for number, (theirs, ours) in enumerate((mapping.values_of(field) or {}).items()):
        values |= {f"{path}.map.{number}.theirs": theirs, f"{path}.map.{number}.ours": ours}
    for number, (text, rule) in enumerate(simple_rules(field)):
        what = "reject" if rule.to is None else "to" if rule.to else "empty"
        values |= {f"{path}.rules.{number}.text": text, f"{path}.rules.{number}.what": what}
        values |= {f"{path}.rules.{number}.to": rule.to or ""}
    return values
