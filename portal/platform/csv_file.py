"""Rows of a CSV file that a spreadsheet opens safely.

A cell that begins with = + - @ or a tab would run as a formula: an apostrophe before it makes it text. Numbers of our
own making pass as they are. The byte-order mark tells Excel that the file is UTF-8.
"""

import csv
import io
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from portal.platform.decimals import plain

MARK = "\ufeff"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


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
    return f"'{text}" if text.startswith(_DANGEROUS) else text
