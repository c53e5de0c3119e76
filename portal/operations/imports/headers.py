"""Which row of a table names its columns: reports of other systems have titles, dates and blank rows above it.

A title fills a cell or two of a table that is many cells wide. The header is the first row that fills more than half as
many cells as most rows do, if these are names and no numbers; else it is the first row that says anything.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice

from portal.operations.imports.values import Cell

Row = tuple[int, list[Cell]]  # the row's number as a spreadsheet shows it, and its cells
LOOKED_AT = 20  # rows that say something, among which the header is
_NUMERIC = str.maketrans("", "", "0123456789.,-+/:%€$ ")


def names(row: list[Cell]) -> list[str]:
    """The names in a header row; a byte order mark that the mapping's encoding left over is none of them."""
    return [str(cell).removeprefix("ï»¿").strip("\ufeff \t\r\n") for cell in row]


def says_something(row: list[Cell]) -> bool:
    return any(cell and str(cell).strip() for cell in row)


def first_rows(rows: Iterable[list[Cell]]) -> list[Row]:
    """The first rows that say something."""
    return list(islice(((number, row) for number, row in enumerate(rows, start=1) if says_something(row)), LOOKED_AT))


def header_of(rows: Sequence[Row], chosen: int | None) -> Row | None:
    """The row with the columns' names: the chosen one, or the one that looks like it."""
    if chosen is not None:
        return next((row for row in rows if row[0] == chosen), None)
    filled = sorted(_filled(row) for _number, row in rows)
    usual = filled[(len(filled) - 1) * 3 // 4] if filled else 0  # a stray row may be wider than the table
    found = next((row for row in rows if _filled(row[1]) * 2 > usual), None)
    return found if found is not None and _is_named(found[1]) else rows[0] if rows else None


def _filled(row: list[Cell]) -> int:
    return sum(1 for _name in _said(row))


def _said(row: list[Cell]) -> Iterator[str]:
    return (name for name in names(row) if name)


def _is_named(row: list[Cell]) -> bool:
    texts = [*_said(row)]
    is_text = not any(isinstance(cell, Decimal | datetime) for cell in row)
    return is_text and all(name.translate(_NUMERIC) for name in texts) and len({*texts}) * 2 > len(texts)
