"""What a mapping says.

TOML (or JSON, by the file's suffix). `format` says how numbers and dates are written, `values` holds named value maps,
`files` names files that several kinds are made of, and each kind has a table: its file, the rows of other files joined
to it, and a field for each thing the portal keeps. What it must keep to besides its types is asked by `reading`. All of
it is bounded: a mapping is other people's, and what it says is done with every row.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from portal.platform.i18n import _
from portal.platform.refusals import Refusal

EVERYTHING = "all"  # every kind that the mapping has a table for, in one run
ORDER = ("suppliers", "items", "prices", "orders", "receipts")  # each may refer to those before it
MOST = 100  # rules of one field, derived columns and skips of one file: each is asked of every row
MOST_PATTERNS = 200  # in one mapping
MOST_DATES = 30  # ways of writing a date: each is tried with every cell that none of them fits
Word = Annotated[str, Meta(max_length=1_000)]
Name = Annotated[str, Meta(max_length=300)]  # of a file, a sheet, a column of the mapping's own
Columns = Annotated[tuple[str, ...], Meta(max_length=MOST)]
Texts = Annotated[tuple[Word, ...], Meta(max_length=1_000)]
Signs = Annotated[tuple[Annotated[str, Meta(max_length=50)], ...], Meta(max_length=50)]
Dates = Annotated[tuple[Annotated[str, Meta(max_length=60)], ...], Meta(max_length=MOST_DATES)]
Repeated = Literal["error", "same", "first", "last"]
Taken = Literal["same", "first", "last", "least", "most", "sum"]


class Unusable(Refusal):
    """A mapping or file that cannot be used; the sentences say what is wrong with it, all of it at once."""

    status = 422


class Strict(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A misspelt name in a mapping is an error: ignored, it would be found out in the data."""


class Format(Strict):
    """How the files are written. Encoding and delimiter are found out if they are not given."""

    encoding: Annotated[str, Meta(max_length=40)] | None = None
    delimiter: str | None = None
    decimal: str = "."
    thousands: str = ""  # a blank stands for every kind of blank, ' for every kind of apostrophe
    signs: Signs = ()  # what may stand before or behind a number: €, EUR, pcs
    dates: Dates = ()  # strptime's or `excel`, tried in turn; ISO 8601 is always understood
    language: str = "en"  # whose names of months are understood besides the English ones
    time_zone: str = "UTC"
    empty: Texts = ()  # texts that mean nothing is there


class Told(Strict):
    """Which texts are meant: these, or those that fit a pattern from their first character to their last."""

    texts: str | Texts | None = msgspec.field(name="is", default=None)
    like: str | None = None

    @property
    def named(self) -> tuple[str, ...]:
        return (self.texts,) if isinstance(self.texts, str) else self.texts or ()


class Rule(Told):
    """What becomes of a text that is no value: another text (none at all: the cell counts as empty), or an error.
    In the text that stands for a pattern, `\\1` is its first group."""

    to: str | None = None
    reject: bool = False


class Made(Strict):
    """A text out of a row: a column, or several put together; of that, one part between separators or the part that a
    pattern's group fits. Where there is no such part, the text is empty."""

    column: str | None = None
    columns: Columns = ()
    between: Word = " "
    split: Word | None = None
    part: int = 1  # counted from 1, from the end with a minus; of a pattern: its group, 0 for all that fits
    like: str | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        return self.columns or ((self.column,) if self.column is not None else ())


class Field(Made):
    """Where one field's value comes from: a text out of the row, or a constant; then what is made of it, in this order:
    `rules` for texts that are no values, `default` for an empty cell, `map` from their values to ours, `prefix` in
    front, `times` a number."""

    constant: Word | None = None
    rules: Annotated[tuple[Rule, ...], Meta(max_length=MOST)] = ()
    empty: Texts = ()  # like the format's, for this field
    default: Word | None = None
    map: str | dict[str, str] | None = None
    otherwise: Word | None = None  # for what the map does not name; without it, that is an error
    prefix: Word = ""
    times: Annotated[str, Meta(max_length=60)] | None = None
    dates: Dates = ()
    decimal: str | None = None
    thousands: str | None = None
    take: Taken | None = None  # of several rows that are one record; `repeated` if not given


class Skip(Told, kw_only=True):
    """Rows that are left out: those whose cell in a column is so; or, with `unless`, those where it is not."""

    column: str
    unless: bool = False


class Rows(Strict, kw_only=True):
    """What is done to the rows of a file as they are read, in this order: `fill` gives an empty cell the value of the
    row above, `derived` adds columns, `skip` leaves rows out."""

    file: Name
    sheet: Name | None = None
    header: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None  # its row; found out if it is not given
    fill: Columns = ()
    derived: Annotated[dict[str, Made], Meta(max_length=MOST)] = {}
    skip: Annotated[tuple[Skip, ...], Meta(max_length=MOST)] = ()


class File(Rows, kw_only=True):
    """A file under a name of the mapping's own, for several kinds or joins to refer to."""

    format: Format | None = None


class Join(Strict):
    """Rows of another file beside each row, where `on` ({its column: a column known so far}) agrees; fields then name
    `as.Column`."""

    file: Name
    on: Annotated[dict[str, str], Meta(max_length=20)]
    name: Name = msgspec.field(name="as")
    sheet: Name | None = None
    needed: bool = True  # no such row is an error, else its cells are empty
    first: bool = False  # of several such rows the first counts, else several are an error


class Table(Rows, kw_only=True):
    """One kind's file with its joins and fields; `keep` names columns that stay with the record as they came.

    `repeated` says what several rows of one key are: an error, the same once more (then they must agree), or one record
    of which the first or the last row holds.
    """

    fields: Annotated[dict[str, str | Field], Meta(max_length=MOST)]
    joins: Annotated[tuple[Join, ...], Meta(max_length=10)] = ()
    keep: Columns = ()
    repeated: Repeated = "error"

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

    name: Name
    format: Format = msgspec.field(default_factory=Format)
    values: Annotated[dict[str, dict[str, str]], Meta(max_length=MOST)] = {}
    files: Annotated[dict[str, File], Meta(max_length=MOST)] = {}
    suppliers: Table | None = None
    items: Table | None = None
    prices: Table | None = None
    orders: OrderTable | None = None
    receipts: Table | None = None

    def kinds(self, kind: str) -> list[str]:
        """The kinds that a run of this kind brings, each after those it refers to."""
        found = [name for name in ORDER if kind in (name, EVERYTHING) and getattr(self, name) is not None]
        if not found:
            raise Unusable(_("The mapping {name} says nothing about {kind}.", name=self.name, kind=kind))
        return found

    def parts(self, kind: str) -> dict[str, Table]:
        """The tables of a run by the part they fill: orders have headers and lines."""
        found: dict[str, Table] = {}
        for name in self.kinds(kind):
            table: Any = getattr(self, name)
            found |= {name: table} | ({"lines": table.lines} if isinstance(table, OrderTable) else {})
        return found

    def tables(self) -> list[Table]:
        return list(self.parts(EVERYTHING).values()) if any(getattr(self, name) for name in ORDER) else []

    def values_of(self, field: Field) -> dict[str, str] | None:
        """The field's value map, if it has one; a name that is not among `values` is a KeyError."""
        return self.values[field.map] if isinstance(field.map, str) else field.map
