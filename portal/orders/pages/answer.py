"""The answer form: one row for each line, several for a line that is split, and how it becomes a response.

What somebody chose yields to what they typed: a line that is accepted with another quantity is a changed one, and is
shown as such. A change says why, and a change of nothing is none.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from portal.orders.forms import OrderLineOut, OrderOut, ResponseForm, ResponseLineForm
from portal.orders.rules import impossible
from portal.platform.convert import Problems, convert, from_form
from portal.platform.decimals import difference, half_up, plain, quotient, scale
from portal.platform.i18n import _
from portal.platform.refusals import FieldError, Invalid
from portal.web.forms import Form
from portal.web.grid import placed

ACCEPTED, CHANGED, REJECTED = "5", "3", "7"
FIELDS = ("line", "code", "quantity", "unit_price", "promised_date", "substitute_item", "reason")
Values = Mapping[str, str]
_TWO = Decimal(2)


def rows_of(order: OrderOut) -> dict[str, str]:
    """A form that accepts everything as ordered. What was closed short needs no answer any more."""
    values = {}
    for row, line in enumerate(line for line in order.lines if not line.short_closed):
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


def switched(values: Values, order: OrderOut) -> dict[str, str]:
    """The form with each line's answer as what was typed makes it."""
    lines = {str(line.line): line for line in order.lines}
    times = Counter(row["line"] for row in _rows(values).values())
    changed = {
        f"lines.{number}.code": CHANGED
        for number, row in _rows(values).items()
        if row["code"] == ACCEPTED
        and (times[row["line"]] > 1 or (row["line"] in lines and _differs(row, lines[row["line"]])))
    }
    return dict(values) | changed


def answer_of(values: Values, order: OrderOut, today: date) -> Filled:
    """What was filled in as a response; raises `Invalid` with every problem at its field, all of them at once."""
    numbers = Form(values).rows("lines")
    errors = list(_unsaid(values, order))
    try:
        form = _read(values, numbers)
    except Problems as problems:
        errors += problems.errors
        wrong = {error.field.split(".")[1] for error in problems.errors if error.field.startswith("lines.")}
        numbers = [number for number in numbers if str(number) not in wrong]
        form = _read(values, numbers) if numbers else None
    lines = {line.line: line for line in order.lines}
    times = Counter(row.line for row in (form.lines if form else None) or [])
    told = [_told(row, lines.get(row.line), times[row.line] > 1) for row in (form.lines if form else None) or []]
    errors += placed(impossible(told, order.lines, order.currency, today), "lines", numbers)
    if errors or form is None:
        raise Invalid(errors=errors)
    rows = [place for place, row in enumerate(told) if row.code != ACCEPTED or row.reason]
    if rows:
        return Filled(msgspec.structs.replace(form, lines=[told[place] for place in rows]), rows)
    return Filled(msgspec.structs.replace(form, code="AP", lines=None), [])


def _read(values: Values, numbers: Sequence[int]) -> ResponseForm:
    """The response in these rows of the form; raises `Problems`."""
    kept = {str(number) for number in numbers}
    typed = [(n, v) for n, v in values.items() if n.startswith("lines.") and n.split(".")[1] in kept]
    given = {"code": "CA", "reason": values.get("reason", "").strip() or None}
    return convert(ResponseForm, given | from_form(typed), lenient=True)


def _unsaid(values: Values, order: OrderOut) -> Iterator[FieldError]:
    """A page always asks why, and a change of nothing is told as such."""
    lines, rows = {str(line.line): line for line in order.lines}, _rows(values)
    times = Counter(row["line"] for row in rows.values())
    explained = {row["line"] for row in rows.values() if row["reason"].strip()}
    asked: set[str] = set()
    for number, row in rows.items():
        line, at = lines.get(row["line"]), f"lines.{number}"
        if row["code"] == REJECTED and not row["reason"].strip():
            yield FieldError(f"{at}.reason", _("Say why it is rejected: the buyer reads it."))
        elif row["code"] == CHANGED and line is not None and times[row["line"]] == 1 and not _differs(row, line):
            yield FieldError(f"{at}.code", _("Nothing is changed here. Change a value, or choose “Accept”."))
        elif row["code"] == CHANGED and row["line"] not in explained | asked:
            asked.add(row["line"])
            yield FieldError(f"{at}.reason", _("Say why it is changed: the buyer reads it."))


def _differs(row: Mapping[str, str], line: OrderLineOut) -> bool:
    """Whether the row says anything else than what was ordered; what cannot be read does."""
    ordered = _as_ordered(line)
    figures = ("quantity", "unit_price") if line.unit_price is not None else ("quantity",)
    return (
        any(row[name].strip() and _figure(row[name]) != _figure(ordered[name]) for name in figures)
        or row["promised_date"].strip() not in ("", ordered["promised_date"])
        or bool(row["substitute_item"].strip())
    )


def _figure(text: str) -> Any:
    try:
        return Decimal(text.strip())
    except ArithmeticError:
        return text


def _told(row: ResponseLineForm, line: OrderLineOut | None, is_part: bool) -> ResponseLineForm:
    """The row with the code that fits what it says; what is as ordered is not told again, unless in parts."""
    if row.code == REJECTED:
        return ResponseLineForm(line=row.line, code=REJECTED, reason=row.reason)
    if line is None or is_part:
        return msgspec.structs.replace(row, code=CHANGED)
    other_price = row.unit_price is not None and row.unit_price != line.unit_price
    differs = (
        other_price
        or bool(row.substitute_item)
        or row.quantity not in (None, line.quantity)
        or row.promised_date not in (None, line.requested_date)
    )
    if not differs:
        return ResponseLineForm(line=row.line, code=ACCEPTED, reason=row.reason)
    return msgspec.structs.replace(row, code=CHANGED, unit_price=row.unit_price if other_price else None)


def _as_ordered(line: OrderLineOut) -> dict[str, str]:
    return {
        "line": str(line.line),
        "code": ACCEPTED,
        "quantity": "" if line.quantity is None else plain(line.quantity),
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
    return tuple({**row, "code": CHANGED, "quantity": part} for part in parts)  # pyright: ignore[reportReturnType]


def _sum(one: str, other: str) -> str:
    try:
        return plain(Decimal(one or "0") + Decimal(other or "0"))
    except (ArithmeticError, ValueError):
        return one
