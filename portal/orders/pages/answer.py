"""The answer form: one row for each line, several for a line that is split, and how it becomes a response.

What somebody chose yields to what they typed: a line that is accepted with another quantity is a changed one, a line
that is changed into what was ordered is accepted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

import msgspec

from portal.orders.forms import OrderLineOut, OrderOut, ResponseForm, ResponseLineForm
from portal.orders.rules import impossible
from portal.platform.convert import Problems, convert, from_form
from portal.platform.decimals import difference, half_up, plain, quotient, scale
from portal.platform.i18n import _
from portal.platform.refusals import FieldError, Invalid
from portal.web.forms import Form

FIELDS = ("line", "code", "quantity", "unit_price", "promised_date", "substitute_item", "reason")
Values = Mapping[str, str]
_TWO = Decimal(2)


def rows_of(order: OrderOut) -> dict[str, str]:
    """A form that accepts everything as ordered."""
    values = {}
    for row, line in enumerate(order.lines):
        values |= {f"lines.{row}.{name}": value for name, value in _as_ordered(line).items()}
    return values


def split(values: Values) -> dict[str, str] | None:
    """The form with one row halved in two deliveries if “Split” was pressed, else None."""
    rows, pressed = _rows(values), values.get("split", "")
    if pressed not in rows:
        return None
    place = list(rows).index(pressed)
    first, second = _halves(rows[pressed])
    return _numbered([*list(rows.values())[:place], first, second, *list(rows.values())[place + 1 :]], values)


def united(values: Values) -> dict[str, str] | None:
    """The form without one delivery of a split line, whose quantity the line's first one takes back; else None."""
    rows, gone = _rows(values), values.get("unite", "")
    if gone not in rows:
        return None
    line = rows[gone]["line"]
    kept = [row for key, row in rows.items() if key != gone]
    first = next((row for row in kept if row["line"] == line), None)
    if first is None:
        return None
    first["quantity"] = _sum(first["quantity"], rows[gone]["quantity"])
    return _numbered(kept, values)


class Filled(NamedTuple):
    """A filled form as a response, and in which row of the page each of its lines stands."""

    form: ResponseForm
    rows: list[int]


def answer_of(values: Values, order: OrderOut) -> Filled:
    """What was filled in as a response; raises `Invalid` with every problem at its field."""
    given = {"code": "CA", "reason": values.get("reason", "").strip() or None}
    typed = {name: value for name, value in values.items() if name.split(".")[0] == "lines"}
    try:
        form = convert(ResponseForm, given | from_form(list(typed.items())), lenient=True)
    except Problems as problems:
        raise Invalid(errors=problems.errors) from problems
    lines = {line.line: line for line in order.lines}
    times = Counter(row.line for row in form.lines or [])
    told = [_told(row, lines.get(row.line), times[row.line] > 1) for row in form.lines or []]
    errors = [*impossible(told, order.lines, order.currency), *_unexplained(told)]
    if errors:
        raise Invalid(errors=errors)
    rows = [place for place, row in enumerate(told) if row.code != "5" or row.reason]
    if rows:
        return Filled(msgspec.structs.replace(form, lines=[told[place] for place in rows]), rows)
    return Filled(msgspec.structs.replace(form, code="AP", lines=None), [])


def _unexplained(rows: list[ResponseLineForm]) -> Iterator[FieldError]:
    """A page always asks why: the buyer reads it beside the line."""
    for place, row in enumerate(rows):
        if row.code == "7" and not (row.reason or "").strip():
            yield FieldError(f"lines.{place}.reason", _("Say why line {line} is rejected.", line=row.line))


def _told(row: ResponseLineForm, line: OrderLineOut | None, is_part: bool) -> ResponseLineForm:
    """The row with the code that fits what it says; what is as ordered is not told again, unless in parts."""
    if row.code == "7":
        return ResponseLineForm(line=row.line, code="7", reason=row.reason)
    if line is None or is_part:
        return msgspec.structs.replace(row, code="3")
    other_price = row.unit_price is not None and row.unit_price != line.unit_price
    differs = (
        other_price
        or bool(row.substitute_item)
        or row.quantity not in (None, line.quantity)
        or row.promised_date not in (None, line.requested_date)
    )
    if not differs:
        return ResponseLineForm(line=row.line, code="5", reason=row.reason)
    return msgspec.structs.replace(row, code="3", unit_price=row.unit_price if other_price else None)


def _as_ordered(line: OrderLineOut) -> dict[str, str]:
    return {
        "line": str(line.line),
        "code": "5",
        "quantity": plain(line.quantity),
        "unit_price": "" if line.unit_price is None else plain(line.unit_price),
        "promised_date": "" if line.requested_date is None else line.requested_date.isoformat(),
        "substitute_item": "",
        "reason": "",
    }


def _rows(values: Values) -> dict[str, dict[str, str]]:
    """The rows by their numbers as text, in order, with every field."""
    numbers = Form(values).rows("lines")
    return {str(n): {name: values.get(f"lines.{n}.{name}", "") for name in FIELDS} for n in numbers}


def _numbered(rows: list[dict[str, str]], values: Values) -> dict[str, str]:
    named = {f"lines.{place}.{name}": value for place, row in enumerate(rows) for name, value in row.items()}
    return named | {"reason": values.get("reason", "")}


def _halves(row: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Two deliveries of half the quantity each, as finely as the quantity was written; what is no number stays."""
    try:
        whole = Decimal(row["quantity"])
        half = half_up(quotient(whole, _TWO), scale(whole))
        parts = (plain(half), plain(difference(whole, half)))
    except (ArithmeticError, ValueError):
        parts = (row["quantity"], "")
    return tuple({**row, "code": "3", "quantity": part} for part in parts)  # pyright: ignore[reportReturnType]


def _sum(one: str, other: str) -> str:
    try:
        return plain(Decimal(one or "0") + Decimal(other or "0"))
    except (ArithmeticError, ValueError):
        return one
