"""Proposing a mapping for a file that nobody mapped yet: which of its columns is which field, and how sure that is.

A draft for people to correct, made of the names in the header and of what the cells look like. It never decides: what
is imported is what the mapping says after somebody has read it.
"""

from itertools import islice
from typing import Any, NamedTuple

from portal.operations.imports.guesses import NOTHING, SERIAL, looks, marks, odd
from portal.operations.imports.kinds import KINDS, PARTS
from portal.operations.imports.mapping import EVERYTHING, Field, Format, Mapping, OrderTable, Table
from portal.operations.imports.matching import EXACT, LEAST_SHARE, Column, named_as, normal, sure, words_of
from portal.operations.imports.sources import Source
from portal.operations.imports.synonyms import KNOWN
from portal.operations.imports.values import Cell, text
from portal.operations.imports.words import codes

ROWS = 500  # that are looked at
MOST_WORDS = 300  # of a column that a value map is proposed for
# What stands where no column says it, for people to think about: a piece; out, unless goods prove more.
CONSTANTS = {("items", "unit"): "C62", ("orders", "state"): "issued"}
# Out of one file: which column a record is known by is said by what refers to it.
REFERRED = (
    ("suppliers", "number", ("orders", "supplier")),
    ("prices", "supplier", ("orders", "supplier")),
    ("items", "number", ("lines", "item")),
    ("prices", "item", ("lines", "item")),
    ("receipts", "line", ("lines", "line")),
    ("receipts", "line", ("lines", "key")),
)
SAID_OTHERWISE = ("unit", "country", "state")
LEAST = 0.45  # what is less sure is not proposed


class ProposedField(NamedTuple):
    """A field, the column it would come from, how sure that is (0 to 1), and a cell of it.

    The lines of orders have names such as `lines.quantity`; where no column says a thing, `sample` is a constant.
    """

    name: str
    column: str
    confidence: float
    sample: str


class Proposal(NamedTuple):
    """A draft of a mapping for one file; `unused` are the columns it has no use for."""

    kind: str
    mapping: Mapping
    fields: list[ProposedField]
    unused: list[str]


def propose(source: Source, kind: str | None = None) -> Proposal:
    """What the file would be as `kind`; without one, as the kind that its columns fit best."""
    rows = [cells for _number, cells in islice(source.rows(), ROWS)]
    cells = {name: _cells(rows, place) for place, name in enumerate(source.names) if name}
    columns = [Column(name, normal(name), looks(found), found) for name, found in cells.items()]
    chosen, fields = max(
        ((each, _fields(each, columns)) for each in ([kind] if kind else KINDS)),
        key=lambda found: _fit(*found) + likely(source, found[0]),
    )
    used = {field.column for field in fields}
    unused = [column.name for column in columns if column.name not in used]
    return Proposal(chosen, _mapping(source, chosen, fields, columns), fields, unused)


def likely(source: Source, kind: str) -> float:
    """What speaks for a kind beside its fields: a number of an order with a quantity is no master data, and with a
    price it is an order, whatever else of it is missing."""
    names = {normal(name) for name in source.names if name}
    lines = KNOWN["lines"]
    ordered, counted, priced = (
        names & {*words_of(lines[name].names)} for name in ("order_number", "quantity", "unit_price")
    )
    if not ordered or not counted:
        return 0.0
    return 1.0 if priced and kind == "orders" else -1.0 if kind in ("suppliers", "items", "prices") else 0.0


def _cells(rows: list[list[Cell]], place: int) -> list[Cell]:
    return [row[place] if place < len(row) else "" for row in rows]


def _parts(kind: str) -> dict[str, str]:
    """The parts of a kind with what stands before the names of their fields."""
    if kind == EVERYTHING:
        return {part: f"{part}." for part in PARTS}
    return {part: "" if part == kind else f"{part}." for part in KINDS[kind]}


def _fields(kind: str, columns: list[Column]) -> list[ProposedField]:
    by_part = {part: _pairs(part, columns) for part in _parts(kind)}
    if "orders" in by_part:
        _number_lines(by_part)
    if kind == EVERYTHING:
        _refer(by_part)
    for part, fields in by_part.items():
        for name in PARTS[part].required - fields.keys():
            if (part, name) in CONSTANTS:
                fields[name] = ProposedField(name, "", LEAST, CONSTANTS[part, name])
    if kind == EVERYTHING:
        by_part = _whole(by_part)
    return [
        field._replace(name=_parts(kind)[part] + field.name) for part in by_part for field in by_part[part].values()
    ]


def _whole(by_part: dict[str, dict[str, ProposedField]]) -> dict[str, dict[str, ProposedField]]:
    """The parts that can be imported: with all that each needs, orders with their lines, and what came either with the
    lines or as receipts."""
    lacking = {part for part, fields in by_part.items() if not PARTS[part].required <= fields.keys()}
    if lacking & {"orders", "lines"}:
        lacking |= {"orders", "lines"}
    else:
        lacking |= {"receipts"}
    return {part: fields for part, fields in by_part.items() if part not in lacking}


def _number_lines(by_part: dict[str, dict[str, ProposedField]]) -> None:
    """In a file of orders with their lines, the order's number is what its lines refer to."""
    lines, number = by_part["lines"], by_part["orders"].get("number")
    if number and "order_number" not in lines and ({"quantity", "unit_price"} & lines.keys()):
        lines["order_number"] = number._replace(name="order_number")


def _refer(by_part: dict[str, dict[str, ProposedField]]) -> None:
    """Out of one file, what refers to something calls it by the same column; an item without a number by its name."""
    lines = by_part["lines"]
    if "item" not in lines and "description" in lines:
        lines["item"] = lines["description"]._replace(name="item", confidence=LEAST)
    for part, name, (other, referring) in REFERRED:
        if referring in by_part[other]:
            by_part[part][name] = by_part[other][referring]._replace(name=name)


def _pairs(part: str, columns: list[Column]) -> dict[str, ProposedField]:
    """The surest pairs of field and column first; neither is used twice. A column whose very name says which field it
    is, maybe of another part, is no vague guess at something else."""
    pairs = [
        (sure(known, column), name, column)
        for name, known in KNOWN[part].items()
        for column in columns
        if name in (meant := _meant(column)) or not meant or column.words in words_of(known.names)
    ]
    found: dict[str, ProposedField] = {}
    taken = set()
    for confidence, name, column in sorted(pairs, key=lambda pair: -pair[0]):
        if confidence >= LEAST and name not in found and column.name not in taken:
            found[name] = ProposedField(name, column.name, round(confidence, 2), column.look.sample)
            taken.add(column.name)
    return found


def _meant(column: Column) -> set[str]:
    """The fields whose very name a column has."""
    return {
        name for fields in KNOWN.values() for name, known in fields.items() if named_as(known, column.words) >= EXACT
    }


def _fit(kind: str, fields: list[ProposedField]) -> float:
    """How much of what a kind needs was found, then how much else."""
    found = {field.name for field in fields if field.column}
    needed = [label + name for part, label in _parts(kind).items() for name in PARTS[part].required]
    return sum(name in found for name in needed) / len(needed) + 0.05 * sum(field.confidence for field in fields)


def _mapping(source: Source, kind: str, fields: list[ProposedField], columns: list[Column]) -> Mapping:
    by_name = {column.name: column for column in columns}
    tables: dict[str, dict[str, str | Field]] = {part: {} for part in _parts(kind)}
    for field in fields:
        part, _dot, name = field.name.rpartition(".")
        tables[part or kind][name] = _field(name, field, by_name.get(field.column))
    made: dict[str, Any] = {
        part: Table(file=source.name, sheet=source.sheet, fields=plans, repeated="first")
        for part, plans in tables.items()
        if plans and part not in ("lines", "receipts", "orders")
    }
    where: dict[str, Any] = {"file": source.name, "sheet": source.sheet, "fill": _filled(fields, columns)}
    if tables.get("orders"):
        lines = Table(**where, fields=tables.get("lines", {}))
        made["orders"] = OrderTable(**where, fields=tables["orders"], lines=lines, repeated="first")
    if tables.get("receipts"):
        made["receipts"] = Table(**where, fields=tables["receipts"])
    used = [by_name[name] for name in {field.column: None for field in fields} if name]
    dated = {field.column for field in fields if _sort(field.name.rpartition(".")[2]) == "date"}
    return Mapping(name=source.path.stem[:100], format=_format(used, dated), **made)


def _filled(fields: list[ProposedField], columns: list[Column]) -> tuple[str, ...]:
    """The column of the order's number, where it stands on the first of an order's rows only: the rows below have
    lines, and nothing of an order's head."""
    said = {field.name: next((c.cells for c in columns if c.name == field.column), []) for field in fields}
    key = next((field for field in fields if field.name.rpartition(".")[2] == "order_number" and field.column), None)
    if key is None or not said[key.name] or not text(said[key.name][0]):
        return ()
    below = [row for row, cell in enumerate(said[key.name]) if not text(cell)]
    own = [said[name] for name in ("lines.quantity", "lines.unit_price", "receipts.line", "line") if said.get(name)]
    heads = [said[name] for name in said if name.rpartition(".")[2] in ("supplier", "ordered_at") and said[name]]
    lined = bool(own) and all(text(cells[row]) for cells in own for row in below)
    headless = not any(text(cells[row]) for cells in heads for row in below)
    return (key.column,) if below and lined and headless else ()


def _field(name: str, proposed: ProposedField, column: Column | None) -> str | Field:
    if column is None:
        return Field(constant=proposed.sample)
    texts = {text(cell) for cell in column.cells} - _nothing([column])
    found = codes(name, texts) if name in SAID_OTHERWISE and len(texts) <= MOST_WORDS else None
    sort = _sort(name.rpartition(".")[2])
    strange = odd(column.cells, sort, column.look.dates) if sort in ("date", "number") else ()
    strange = tuple(text for text in strange if text.casefold() not in NOTHING)
    return column.name if found is None and not strange else Field(column=column.name, map=found, empty=strange)


def _sort(name: str) -> str:
    """What the cells of a field of this name look like."""
    return next((known.looks for part in KNOWN.values() if (known := part.get(name)) and known.looks), "")


def _format(used: list[Column], dated: set[str]) -> Format:
    numbers = [column.cells for column in used if column.look.is_mostly("number") and not column.look.is_mostly("date")]
    decimal, thousands, signs = marks(numbers)
    days = [column.look for column in used if column.name in dated]
    dates = {way: None for look in days for way in look.dates if look.shares["date"] >= LEAST_SHARE}
    if any(look.is_mostly("serial") for look in days):
        dates[SERIAL] = None
    return Format(
        decimal=decimal,
        thousands=thousands,
        signs=signs,
        dates=tuple(dates),
        empty=tuple(sorted(_nothing(used))),
    )


def _nothing(columns: list[Column]) -> set[str]:
    """The texts in these columns by which people say that nothing is there."""
    return {said for column in columns for cell in column.cells if (said := text(cell)).casefold() in NOTHING}
