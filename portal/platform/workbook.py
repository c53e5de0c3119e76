"""A workbook that a spreadsheet opens: text is written as text, so that no cell is ever a formula."""

import tempfile
from collections.abc import AsyncIterable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from portal.platform.late import Late

if TYPE_CHECKING:
    import xlsxwriter
else:
    xlsxwriter = Late("xlsxwriter")

MOST_ROWS = 1_048_575  # below the header; more a sheet cannot hold
WIDTH = 16


class Sheet(NamedTuple):
    """One sheet: its name, its header, and its rows as they come."""

    name: str
    header: Iterable[Any]
    rows: AsyncIterable[Iterable[Any]]


async def workbook(sheets: Iterable[Sheet]) -> BinaryIO:
    """The file, at its beginning, kept on disk while it is written: its size is not held in memory.

    Decimals and dates are numbers there; everything else is text. Raises ValueError for more rows than a sheet holds.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 the caller reads and closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    bold = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        page.set_column(0, 30, WIDTH)
        for column, title in enumerate(sheet.header):
            page.write_string(0, column, str(title), bold)
        number = 0
        async for row in sheet.rows:
            number += 1
            if number > MOST_ROWS:
                raise ValueError("too many rows for a sheet")
            for column, value in enumerate(row):
                _write(page, number, column, value, day)
    book.close()
    file.seek(0)
    return file


def _write(page: Any, row: int, column: int, value: Any, day: Any) -> None:
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        page.write_number(row, column, float(value))
    elif isinstance(value, datetime):
        page.write_string(row, column, value.isoformat(" ", "seconds"))
    elif isinstance(value, date):
        page.write_datetime(row, column, value, day)
    elif value is not None:
        page.write_string(row, column, str(value))
