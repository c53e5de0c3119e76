"""The sheet on which services are entered: a row for each service line of the order, empty until something is done."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from portal.platform.decimals import ZERO, plain
from portal.platform.i18n import Message, _
from portal.platform.refusals import FieldError, Refusal
from portal.services.forms import EntryOut, ServiceEntryForm
from portal.services.pages.answers import told
from portal.services.queries import ServiceLine
from portal.web import Form
from portal.web.formats import quantity
from portal.web.grid import Filled
from portal.web.input import Typed

_OWN = ("performed_from", "performed_until", "reference", "note")


class Sheet(NamedTuple):
    """Whose services are entered, and where the filled sheet goes; `version` of a draft that is written anew.

    `crumbs` (title, address) lead back to the record that the sheet belongs to.
    """

    title: Any
    action: str
    back: str
    order_id: UUID
    buyer: str
    lines: Sequence[ServiceLine]
    crumbs: Sequence[tuple[Message | str, str]]
    version: int | None = None


def fresh(lines: Sequence[ServiceLine], today: date) -> dict[str, str]:
    """A sheet for today. A service of which all is open is filled in; a limit is not: it need not be used up."""
    whole = [(line.id, "" if line.kind == "limit" else _figure(line.open), "", "") for line in lines]
    return _rows(whole) | {"performed_from": today.isoformat(), "performed_until": today.isoformat()}


def filled_with(entry: EntryOut, lines: Iterable[ServiceLine]) -> dict[str, str]:
    """A sheet that says what a draft says, and offers the other services of its order."""
    stated = [(line.order_line_id, _figure(line.quantity or ZERO), "", line.text) for line in entry.lines]
    named = {line_id for line_id, *_rest in stated}
    others = [(line.id, "", "", "") for line in lines if line.id not in named]
    return _rows([*stated, *others]) | {name: str(getattr(entry, name) or "") for name in _OWN}


def described(values: dict[str, str], lines: Sequence[ServiceLine]) -> dict[str, Any]:
    """The sheet with what each row is of: that is printed and never sent."""
    known = {str(line.id): line for line in lines}
    shown: dict[str, Any] = {}
    for row in Form(values).rows("lines"):
        if line := known.get(values.get(f"lines.{row}.order_line_id", "")):
            shown[f"lines.{row}.what"] = told(line)
            shown[f"lines.{row}.open"] = quantity(line.open, line.unit)
    return values | shown


def read(typed: Typed, sheet: Sheet) -> ServiceEntryForm:
    """What was filled in; a row without a quantity and without an amount is not entered."""
    filled = _filled(typed).typed
    return filled.convert(ServiceEntryForm, only=("lines", *_OWN), order_id=str(sheet.order_id))


def problems(typed: Typed, refusal: Refusal) -> list[FieldError]:
    """What is wrong, at the rows that were typed; a refusal that names no field is said of the whole."""
    filled = _filled(typed)
    if not filled.rows:
        return [FieldError("lines", _("Enter a quantity or an amount for at least one line."))]
    return filled.placed(refusal.errors) or [FieldError("", str(refusal))]


def _filled(typed: Typed) -> Filled:
    return Filled(typed, "lines", ("quantity", "amount"))


def _rows(rows: Iterable[tuple[UUID, str, str, str]]) -> dict[str, str]:
    names = ("order_line_id", "quantity", "amount", "text")
    return {
        f"lines.{number}.{name}": str(value)
        for number, row in enumerate(rows)
        for name, value in zip(names, row, strict=True)
    }


def _figure(value: Decimal) -> str:
    return plain(value.normalize()) if value > ZERO else ""
