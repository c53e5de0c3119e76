"""What the fields of forms are called: one table for the summaries of all pages, so that no problem is told without
its field and its line, and no code of a field ever reaches a person.

Names are dotted paths: the last part names the field, a number before it the row of its grid.
"""

from collections.abc import Mapping
from typing import Any

from portal.platform.i18n import Message, _
from portal.web.field_names import FIELDS, ROWS


def label(field: str, rows_named: Mapping[str, Any] | None = None) -> Message | str:
    """`lines.1.quantity` → “Line 2, Quantity”. Blank for the whole form, and for what nobody named."""
    *place, name = field.split(".")
    said = FIELDS.get(name, "")
    row = ".".join(place[:2]) if len(place) > 1 else field
    grid, _dot, number = row.partition(".")
    if grid not in ROWS or not number.isdecimal():
        return said
    named = (rows_named or {}).get(row) or Message(ROWS[grid].text, {"n": int(number) + 1})
    return _("{row}, {field}", row=named, field=said) if said and row != field else named
