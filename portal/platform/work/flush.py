"""Flushing: what a command wrote, as one data-modifying `WITH`.

Each piece is SQL whose `$1…` count from one; fusing renumbers them. Texts depend only on the shape of a write (its
table and columns), never on how many rows it has, so that PostgreSQL prepares one statement per verb.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from portal.platform.work.rows import Row, uniform

_PLACE = re.compile(r"\$(\d+)")
_WRITTEN = re.compile(r"(?:insert\s+into|update|delete\s+from)\s+(?:only\s+)?(\w+)", re.IGNORECASE)


class Piece(NamedTuple):
    sql: str
    values: tuple[Any, ...]


def insert(table: str, row: Mapping[str, Any]) -> Piece:
    columns = list(row)
    places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    return Piece(f"insert into {table} ({', '.join(columns)}) values ({places})", tuple(row.values()))


def insert_all(table: str, rows: Sequence[Mapping[str, Any]]) -> Piece:
    """Any number of rows in one parameter, typed by the table itself."""
    columns = ", ".join(uniform(rows))
    text = f"insert into {table} ({columns}) select {columns} from jsonb_populate_recordset(null::{table}, $1)"
    return Piece(text, (list(rows),))


def insert_columns(table: str, kinds: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> Piece:
    """Any number of rows as one parameter a column, each of its kind: for columns that JSON would not carry exactly."""
    places = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(kinds.values(), start=1))
    text = f"insert into {table} ({', '.join(kinds)}) select * from unnest({places})"
    return Piece(text, tuple([row[column] for row in rows] for column in kinds))


def update_rows(row_type: type[Row], changes: Sequence[tuple[Row, Mapping[str, Any]]]) -> Piece:
    """Changed rows of one table: one by its columns, several through one parameter with the columns any changed.

    These are named by their keys besides: of a set nobody knows the size, and the table would be scanned for it.
    """
    if len(changes) == 1:
        row, changed = changes[0]
        sets = [f"{column} = ${number}" for number, column in enumerate(changed, start=2)]
        text = f"update {row_type.table_name()} set {', '.join(sets)} where id = $1"
        return Piece(text, (row.id, *changed.values()))
    columns = sorted({column for _row, changed in changes for column in changed})
    values = [{"id": row.id} | {column: getattr(row, column) for column in columns} for row, _changed in changes]
    table = row_type.table_name()
    sets = ", ".join(f"{column} = r.{column}" for column in columns)
    rows = f"jsonb_populate_recordset(null::{table}, $1) r"
    text = f"update {table} t set {sets} from {rows} where t.id = r.id and t.id = any($2)"
    return Piece(text, (values, [row.id for row, _changed in changes]))


def fuse(pieces: Sequence[Piece], final: Piece | None = None) -> Piece:
    """One statement that does all the pieces and ends with `final` (a SELECT)."""
    parts, values = [], []
    for number, piece in enumerate(pieces):
        parts.append(f"w{number} as ({_shift(piece.sql, len(values))})")
        values.extend(piece.values)
    ending = "select 1" if final is None else _shift(final.sql, len(values))
    values.extend(() if final is None else final.values)
    return Piece(f"with {', '.join(parts)} {ending}" if parts else ending, tuple(values))


@cache
def written(sql: str) -> frozenset[str]:
    """The tables that a hand-written statement writes."""
    return frozenset(_WRITTEN.findall(sql))


def filled(sql: str, names: Sequence[str]) -> str:
    """The SQL with these in the places of its `$1…`."""
    return _PLACE.sub(lambda match: names[int(match.group(1)) - 1], sql)


def _shift(sql: str, by: int) -> str:
    return _PLACE.sub(lambda match: f"${int(match.group(1)) + by}", sql) if by else sql
