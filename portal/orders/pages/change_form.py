"""The form of a change: one row for each line that can change, a line to add, and how it becomes a proposal."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from portal.orders.forms import Address, ChangeForm, OrderLineOut, OrderOut
from portal.orders.rules import taken_off
from portal.platform.convert import Problems, convert
from portal.platform.decimals import plain
from portal.platform.refusals import FieldError, Invalid
from portal.web.forms import Form

Values = Mapping[str, Any]
Placed = Callable[[Sequence[FieldError]], list[FieldError]]
_ADDED = ("description", "quantity", "unit", "unit_price", "requested_date", "tax_category", "tax_rate")
# What somebody typed; the rest of a line to add is filled in beforehand.
_TYPED = ("description", "quantity", "unit_price")


def rows_of(order: OrderOut, own: bool) -> dict[str, str]:
    """A form that changes nothing; a line to add is taxed as the first one is."""
    values = {"note": order.note} | _place(order) if own else {}
    for row, line in enumerate(line for line in order.lines if can_change(line)):
        values |= {f"lines.{row}.{name}": value for name, value in _as_it_is(line, own).items()}
    if own and order.lines:
        first = order.lines[0]
        values |= {"added.unit": first.unit, "added.tax_category": first.tax_category}
        values["added.tax_rate"] = plain(first.tax_rate)
    return values


def _place(order: OrderOut) -> dict[str, str]:
    return {f"ship_to.{name}": str(order.ship_to.get(name) or "") for name in Address.__struct_fields__}


def can_change(line: OrderLineOut) -> bool:
    return not line.short_closed and not taken_off(line)


def filled(values: Values, order: OrderOut, own: bool) -> tuple[ChangeForm, Placed]:
    """What was filled in as a proposal, and where the page shows a problem of it; raises `Invalid`."""
    lines, given, rows = {str(line.line): line for line in order.lines}, [], []
    for row in Form(values).rows("lines"):
        typed = {name: str(values.get(f"lines.{row}.{name}", "")).strip() for name in (*_FIELDS, "off", "reason")}
        if (line := lines.get(typed["line"])) and (wish := _wish(typed, line, own)):
            given.append(wish)
            rows.append(f"lines.{row}")
    added = {name: str(values.get(f"added.{name}", "")).strip() for name in _ADDED}
    if own and any(added[name] for name in _TYPED):
        given.append({"code": "1", "added": {name: value for name, value in added.items() if value}})
        rows.append("added")
    note = str(values.get("note", "")).replace("\r\n", "\n").strip()
    header: dict[str, Any] = {"note": note} if own and note != order.note.strip() else {}
    place = {name: str(values.get(name, "")).strip() for name in _place(order)}
    if own and place != _place(order):
        header |= {"ship_to": {name.removeprefix("ship_to."): value for name, value in place.items() if value}}
    body = header | {"reason": str(values.get("reason", "")).strip() or None, "lines": given or None}
    placed = _placing(rows)
    try:
        return convert(ChangeForm, body, lenient=True), placed
    except Problems as problems:
        raise Invalid(errors=placed(problems.errors)) from problems


_FIELDS = ("line", "quantity", "unit_price", "requested_date", "promised_date")


def _wish(typed: Mapping[str, str], line: OrderLineOut, own: bool) -> dict[str, str] | None:
    """What a row says otherwise than the order; None where it says the same."""
    said = {"line": typed["line"]} | ({"reason": typed["reason"]} if typed["reason"] else {})
    if typed["off"]:
        return said | {"code": "7"}
    now = _as_it_is(line, own)
    changed = {name: typed[name] for name in _FIELDS[1:] if name in now and typed[name] and typed[name] != now[name]}
    return said | {"code": "3"} | changed if changed else None


def _as_it_is(line: OrderLineOut, own: bool) -> dict[str, str]:
    day = line.requested_date if own else line.promised_date or line.requested_date
    return {
        "line": str(line.line),
        "quantity": "" if line.quantity is None else plain(line.quantity),
        "unit_price": "" if line.unit_price is None else plain(line.unit_price),
        "requested_date" if own else "promised_date": "" if day is None else day.isoformat(),
        "reason": "",
    }


def _placing(rows: Sequence[str]) -> Placed:
    """Problems of `lines.N.…` as they were sent, at the rows that the page shows."""

    def placed(errors: Sequence[FieldError]) -> list[FieldError]:
        return [FieldError(_shown(error.field, rows), error.message) for error in errors]

    return placed


def _shown(field: str, rows: Sequence[str]) -> str:
    of, _dot, rest = field.partition(".")
    place, _dot, name = rest.partition(".")
    if of != "lines" or not place.isdecimal() or int(place) >= len(rows):
        return field
    row = rows[int(place)]
    return f"{row}.{name.removeprefix('added.')}" if row == "added" else f"{row}.{name}"
