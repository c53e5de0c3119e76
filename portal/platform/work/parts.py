"""Parts: what a command or an answer reads besides one row, declared once, in SQL that gives JSON.

A command that names its parts when it begins has them together with its row, in the statement that follows the lock;
what it did not name is read when it is asked for. Either way it asks by `change.part(LINES, order.id)` and reads the
same objects. What is `locked` is locked, in the order of its ids, before any of it is read: a lock taken while reading
would give stale rows to whoever waited for it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from hashlib import blake2b
from typing import Any, Final, Generic, NamedTuple, NotRequired, TypedDict, TypeVar
from uuid import UUID

import msgspec
from piccolo import columns

from portal.platform.openings import Said
from portal.platform.work.flush import filled
from portal.platform.work.rows import Row

T = TypeVar("T")
R = TypeVar("R", bound=Row)

_KINDS: Final[dict[type, Any]] = {
    columns.UUID: UUID,
    columns.Timestamptz: datetime,
    columns.Date: date,
    columns.Numeric: Decimal,
    columns.Boolean: bool,
    columns.Integer: int,
    columns.BigInt: int,
    columns.Text: str,
}


class Root(NamedTuple):
    """Stands for a column of the command's row where a part is of something that is not known before it is read."""

    column: str


@dataclass(frozen=True, eq=False, slots=True)
class Part(Generic[T]):
    """`sql` is a scalar query whose `$1…` are what the part is of; `read` makes of its JSON what commands work with.

    `tables` are those that it is made of: whoever writes one of them has to read the part anew. A part of rows has its
    `row_type` and the `condition` on the alias `p`. Rows of several owners are `each` a part of one of these, too.
    """

    sql: str
    read: Callable[[str | None], T]
    tables: frozenset[str]
    row_type: type[Row] | None = None
    condition: str = ""
    locked: bool = False
    each: "Each | None" = None

    def of(self, *values: Any) -> "Wanted":
        return Wanted(self, tuple(tuple(value) if isinstance(value, list) else value for value in values))


class Each(NamedTuple):
    """The part that the rows of a greater one are, taken by one of their columns."""

    part: Part[Any]
    column: str


class Wanted(NamedTuple):
    part: Part[Any]
    values: tuple[Any, ...]

    def known_as(self, root: Row | None) -> "Wanted":
        """The same, of what the row says that it is of."""
        if root is None:
            return self
        named = (root.__dict__[value.column] if isinstance(value, Root) else value for value in self.values)
        return Wanted(self.part, tuple(named))

    @property
    def locks(self) -> bool:
        return self.part.locked

    def lock(self) -> Said:
        """The statement that locks these rows, for a message of several: it may be of nothing but UUIDs."""
        assert self.part.row_type is not None, "only rows are locked"
        sql = f"SELECT FROM {self.part.row_type.table_name()} p WHERE {self.part.condition}"
        kind = "uuid[]" if any(isinstance(value, tuple) for value in self.values) else "uuid"
        return Said(f"{sql} ORDER BY p.id FOR NO KEY UPDATE", kind, self.values)


class Turn(NamedTuple):
    """A lock on something that is no row: whoever wants the same waits until the change ends."""

    key: int

    @classmethod
    def at(cls, *words: object) -> "Turn":
        named = "\n".join(map(str, words)).encode()
        return cls(int.from_bytes(blake2b(named, digest_size=8).digest(), signed=True))

    @property
    def locks(self) -> bool:
        return True

    def lock(self) -> str:
        return f"SELECT pg_advisory_xact_lock({self.key})"


def json_part(sql: str, kind: Any, tables: Iterable[str]) -> Part[Any]:
    """What a query of one JSON value gives, as the type `kind`; no row is null."""
    decode = msgspec.json.Decoder(kind, strict=False).decode
    return Part(sql, lambda text: decode(text or "null"), frozenset(tables))


def rows_part(
    row_type: type[R], condition: str, order: str = "p.id", *, locked: bool = False, each: Each | None = None
) -> Part[list[R]]:
    """Rows under a condition on columns that never change."""
    table = row_type.table_name()
    sql = f"select coalesce(json_agg(p order by {order}), '[]') from {table} p where {condition}"

    def read(text: str | None) -> list[R]:
        return [row_type.of(values) for values in _decoder(row_type).decode(text or "[]")]

    return Part(sql, read, frozenset({table}), row_type, condition, locked, each)


def fused(sql: str, root: str, values: Sequence[Any], wanted: Sequence[Wanted]) -> tuple[str, list[Any]]:
    """`{parts}` of the statement becomes a column for each part; `root` is the alias of the command's row."""
    texts, given = [], list(values)
    for part, of in wanted:
        names = []
        for value in of:
            if isinstance(value, Root):
                names.append(f"{root}.{value.column}")
            else:
                given.append(value)
                names.append(f"${len(given)}")
        texts.append(f", ({filled(part.sql, names)}) as part_{len(texts)}")
    return sql.replace("{parts}", "".join(texts)), given


_typed: Any = TypedDict  # whose names are only known when it runs


@cache
def _decoder(row_type: type[Row]) -> msgspec.json.Decoder[list[dict[str, Any]]]:
    fields = {column._meta.db_column_name: NotRequired[_kind_of(column)] for column in row_type._meta.columns}
    return msgspec.json.Decoder(list[_typed(row_type.__name__, fields)], strict=False)


def _kind_of(column: Any) -> Any:
    """How a column's value leaves JSON; JSON columns keep what they hold."""
    if isinstance(column, columns.Array):
        return list[_kind_of(column.base_column)] | None
    kind = next((kind for known, kind in _KINDS.items() if isinstance(column, known)), None)
    return Any if kind is None else kind | None
