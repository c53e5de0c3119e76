"""Rows of a CSV file that a spreadsheet opens safely.

A cell that begins with = + - @ or a tab would run as a formula: an apostrophe before it makes it text. So it does
inside a cell after what another spreadsheet takes for the end of one: many split at semicolons or tabs, and quotes do
not hold them back from it. Numbers of our own making pass as they are. The byte-order mark tells Excel that the file is
UTF-8.
"""

import csv
import io
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from portal.platform.decimals import plain

MARK = "\ufeff"
_DANGEROUS = ("\t", "\r", "\n")
_BEGINS_A_FORMULA = re.compile(r"""(^|[;|\t\r\n])(?=[\s"]*[=+\-@])""")


def csv_line(values: Iterable[Any]) -> str:
    """One line with its ending."""
    line = io.StringIO()
    csv.writer(line).writerow([cell(value) for value in values])
    return line.getvalue()


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain(value)
    text = value.isoformat() if isinstance(value, date) else str(value)
    text = _BEGINS_A_FORMULA.sub(r"\1'", text)
    return f"'{text}" if text.startswith(_DANGEROUS) else text
