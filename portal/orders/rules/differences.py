"""What differs between two versions of an order, each said as the snapshot of a revision says it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

HEADER = ("note", "ship_to", "payment_terms", "incoterm")
FIGURES = ("quantity", "unit_price", "discount")
LINES = (*FIGURES, "requested_date", "promised_date", "substitute_item", "description", "ship_to", "deliveries")
_TOLD = ("description", "quantity", "unit", "unit_price", "requested_date", "net")
Snapshot = Mapping[str, Any]


class Difference(NamedTuple):
    """One field before and after. Of a whole line that came or went, the field is `line`, and one side is None."""

    line: int | None
    field: str
    before: Any
    after: Any


def differences(before: Snapshot, after: Snapshot) -> list[Difference]:
    """Of the order first, then line by line."""
    header = [
        Difference(None, field, before["order"].get(field), after["order"].get(field))
        for field in HEADER
        if (before["order"].get(field) or None) != (after["order"].get(field) or None)
    ]
    lines = ({line["line"]: line for line in version["lines"]} for version in (before, after))
    return [*header, *_of_lines(*lines)]


def _of_lines(before: Mapping[int, Any], after: Mapping[int, Any]) -> Iterator[Difference]:
    for number in sorted({*before, *after}):
        old, new = before.get(number), after.get(number)
        if old is None or new is None or _figure(old["quantity"]) == 0 or _figure(new["quantity"]) == 0:
            if _there(old) != _there(new):
                yield Difference(number, "line", _whole(old), _whole(new))
            continue
        for field in LINES:
            was, now = _said(field, old), _said(field, new)
            wanted = (_said("requested_date", old), _said("requested_date", new))
            if was != now and (field, (was, now)) != ("promised_date", wanted):
                yield Difference(number, field, old.get(field), new.get(field))


def _there(line: Mapping[str, Any] | None) -> bool:
    """A line of which nothing is wanted is printed with a quantity of 0."""
    return line is not None and _figure(line["quantity"]) != 0


def _whole(line: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {name: line[name] for name in _TOLD} if line is not None and _there(line) else None


def _said(field: str, line: Mapping[str, Any]) -> Any:
    """Comparable; what is not promised yet is awaited on the day that it is wanted."""
    value = line.get(field)
    if field == "promised_date":
        value = value or line.get("requested_date")
    return _figure(value) if field in FIGURES else str(value) if field.endswith("_date") and value else value or None


def _figure(value: Any) -> Decimal:
    return Decimal(str(value or 0))
