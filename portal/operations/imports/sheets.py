"""The sheets of workbooks: their cells as text, numbers and moments.

Numbers are those that the program which wrote them shows: a spreadsheet keeps 0.07 × 100 as 7.000000000000001 and shows
7, for it rounds everything to fifteen digits. Percentages stay known as such (`percents`).
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

import python_calamine as calamine

from portal.operations.imports.mapping import Unusable
from portal.operations.imports.percents import Percents, percents
from portal.operations.imports.values import Cell, Share
from portal.platform.i18n import _

LONGEST_CELL = 100_000  # characters
MOST_SHEETS = 2  # of workbooks in memory


class Opened(NamedTuple):
    """A sheet in memory."""

    path: Path
    cells: calamine.CalamineSheet
    percents: Percents

    @property
    def height(self) -> int:
        return self.cells.height

    def rows(self) -> Iterator[list[Cell]]:
        """The rows from the sheet's first one on. Formulas come as the values they had when it was saved."""
        before = (self.cells.start or (0, 0))[1]  # columns that are empty as a whole are not among the cells
        shares = [(column - before, rows) for column, rows in self.percents.items() if column >= before]
        for number, row in enumerate(self.cells.iter_rows(), start=1):
            if any(len(cell) > LONGEST_CELL for cell in row if isinstance(cell, str)):
                raise Unusable(_("{file} holds a text that is longer than any cell.", file=self.path.name))
            found = [_native(cell) for cell in row]
            for place, rows in shares:
                if number < len(rows) and rows[number] and isinstance(cell := found[place], Decimal):
                    found[place] = Share(cell)
            yield found


class Sheets:
    """The sheets that one part after the other reads: the two that were asked for last stay in memory, as long as
    this does."""

    def __init__(self) -> None:
        self._open: dict[tuple[Path, str | None], Opened] = {}

    def opened(self, path: Path, sheet: str | None) -> Opened:
        """Raises Unusable for what is no workbook, or has no such sheet."""
        found = self._open.pop((path, sheet), None) or _read(path, sheet)
        for old in list(self._open)[: -MOST_SHEETS + 1 or None]:
            del self._open[old]
        self._open[path, sheet] = found
        return found


def _read(path: Path, sheet: str | None) -> Opened:
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            cells = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
    except (calamine.CalamineError, OSError) as error:
        raise Unusable(_("{file} cannot be read as a workbook: {why}.", file=path.name, why=error)) from error
    return Opened(path, cells, percents(path, sheet))


def _native(cell: Any) -> Cell:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and not isfinite(cell):
        return repr(cell)  # more than a number can be: whoever reads it says so
    if isinstance(cell, float | int):
        return Decimal(f"{cell:.15g}") if cell != int(cell) else Decimal(int(cell))
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 the mapping's time zone is added when it is read
    return str(cell) if isinstance(cell, time | timedelta) else cell
