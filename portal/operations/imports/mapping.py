"""The mapping: how one company's files become the portal's records. It is a file, so no company ever needs code.

TOML (or JSON, by the file's suffix). `format` says how numbers and dates are written, `values` holds named value maps,
and each kind has a table: its file, the rows of other files joined to it, and a field for each thing the portal keeps.
"""

from pathlib import Path
from typing import Any

import msgspec

from portal.platform.fields import TimeZone
from portal.platform.i18n import _
from portal.platform.refusals import Refusal

LARGEST = 1_000_000  # bytes


class Unusable(Refusal):
    """A mapping or file that cannot be used; the sentences say what is wrong with it, all of it at once."""

    status = 422


class Strict(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A misspelt name in a mapping is an error: ignored, it would be found out in the data."""


class Format(Strict, kw_only=True):
    """How the files are written. Encoding and delimiter are found out if they are not given."""

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str = "."
    thousands: str = ""
    dates: tuple[str, ...] = ()  # strptime's, tried in turn; ISO 8601 is always understood
    time_zone: str = "UTC"
    empty: tuple[str, ...] = ()  # texts that mean nothing is there


class Field(Strict):
    """Where one field's value comes from: a column (or several), or a constant; then what is made of it, in this order:
    `default` for an empty cell, `map` from their values to ours, `prefix` in front."""

    column: str | None = None
    columns: tuple[str, ...] = ()
    between: str = " "
    constant: str | None = None
    default: str | None = None
    map: str | dict[str, str] | None = None
    otherwise: str | None = None  # for what the map does not name; without it, that is an error
    prefix: str = ""
    dates: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        return self.columns or ((self.column,) if self.column is not None else ())


class Join(Strict):
    """Rows of another file beside each row, where `on` ({its column: a column known so far}) agrees; fields then name
    `as.Column`."""

    file: str
    on: dict[str, str]
    name: str = msgspec.field(name="as")
    sheet: str | None = None
    needed: bool = True  # no such row is an error, else its cells are empty
    first: bool = False  # of several such rows the first counts, else several are an error


class Table(Strict):
    """One kind's file with its joins and fields; `keep` names columns that stay with the record as they came."""

    file: str
    fields: dict[str, str | Field]
    sheet: str | None = None
    joins: tuple[Join, ...] = ()
    keep: tuple[str, ...] = ()

    def plans(self) -> dict[str, Field]:
        return {
            name: Field(column=plan) if isinstance(plan, str) else plan  # the short way of writing a plain column
            for name, plan in self.fields.items()
        }

    def file_names(self) -> list[str]:
        return [self.file, *(join.file for join in self.joins)]


class OrderTable(Table, kw_only=True):
    lines: Table


class Mapping(Strict):
    """The whole file. A kind without a table cannot be imported with it."""

    name: str
    format: Format = msgspec.field(default_factory=Format)
    values: dict[str, dict[str, str]] = {}
    suppliers: Table | None = None
    items: Table | None = None
    prices: Table | None = None
    orders: OrderTable | None = None
    receipts: Table | None = None

    def parts(self, kind: str) -> dict[str, Table]:
        """The tables of a kind by the part they fill: orders have headers and lines."""
        table: Table | None = getattr(self, kind)
        if table is None:
            raise Unusable(_("The mapping {name} says nothing about {kind}.", name=self.name, kind=kind))
        return {kind: table} | ({"lines": table.lines} if isinstance(table, OrderTable) else {})

    def values_of(self, field: Field) -> dict[str, str] | None:
        """The field's value map, if it has one; a name that is not among `values` is a KeyError."""
        return self.values[field.map] if isinstance(field.map, str) else field.map


def load(path: Path) -> Mapping:
    """The mapping in a file; raises Unusable with the place of what is wrong."""
    try:
        if path.stat().st_size > LARGEST:
            raise Unusable(_("The mapping {name} is too large to be one.", name=path.name))
        return decode(path.read_bytes(), json=path.suffix.lower() == ".json")
    except OSError as error:
        raise Unusable(_("The mapping {name} cannot be read: {why}.", name=path.name, why=error.strerror)) from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise Unusable(_("The mapping {name} cannot be used: {why}.", name=path.name, why=error)) from error


def decode(body: bytes, *, json: bool = False) -> Mapping:
    """Raises ValueError (msgspec's names the place) for what is no mapping."""
    raw: Any = msgspec.json.decode(body) if json else msgspec.toml.decode(body)
    mapping = msgspec.convert(raw, Mapping)
    _check_format(mapping.format)
    orders = mapping.orders
    for table in (mapping.suppliers, mapping.items, mapping.prices, orders, orders and orders.lines, mapping.receipts):
        if table is not None:
            _check(mapping, table)
    return mapping


def _check_format(written: Format) -> None:
    for name, mark in (("delimiter", written.delimiter), ("decimal", written.decimal)):
        if mark is not None and len(mark) != 1:
            raise ValueError(f"{name} must be one character")
    if len(written.thousands) > 1 or written.thousands == written.decimal:
        raise ValueError("thousands must be nothing or one character, and not that of decimal")
    TimeZone.read(written.time_zone)


def _check(mapping: Mapping, table: Table) -> None:
    """What the types cannot say: names of files without folders, one source for each field, maps that exist."""
    for name in table.file_names():
        if not name or Path(name).name != name:
            raise ValueError(f"{name!r} must be the name of a file, without a folder")
    for name, field in table.plans().items():
        if (field.constant is None) == (not field.sources) or (field.column is not None and field.columns):
            raise ValueError(f"field {name!r} needs either a column, columns or a constant")
        if isinstance(field.map, str) and field.map not in mapping.values:
            raise ValueError(f"field {name!r} wants the value map {field.map!r}, which is not among [values]")
