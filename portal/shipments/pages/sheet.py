"""The sheet on which a despatch is prepared: a row for each order line, filled with what is open of it."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from markupsafe import Markup

from portal.platform.decimals import ZERO, plain
from portal.platform.i18n import Message, _
from portal.platform.refusals import FieldError, Refusal
from portal.shipments.forms import AdviceOut, DespatchForm
from portal.shipments.queries import Companion, DespatchableLine
from portal.web import Form
from portal.web.formats import day, quantity
from portal.web.goods import are_placed, told
from portal.web.grid import Filled
from portal.web.input import Typed

REST = {"follows": True, "never": False}


class Sheet(NamedTuple):
    """What is despatched to whom, and where the filled sheet goes; `version` of a draft that is written anew.

    `crumbs` (title, address) lead back to the record that the sheet belongs to. `others` are orders whose goods may
    leave with these, each with whether they do.
    """

    title: Any
    action: str
    back: str
    buyer: str
    lines: Sequence[DespatchableLine]
    crumbs: Sequence[tuple[Message | str, str]]
    version: int | None = None
    others: Sequence[tuple[Companion, bool]] = ()


class Wanted(NamedTuple):
    """What somebody filled in: the despatch, and whether the rest of its lines follows (None if they did not say)."""

    form: DespatchForm
    rest_follows: bool | None


def fresh(lines: Sequence[DespatchableLine], today: date) -> dict[str, str]:
    """A sheet that despatches all that is open, to arrive on the next day that was promised, unless that has passed."""
    promised = [line.next_promise for line in lines if line.open > ZERO]
    ahead = min((day for day in promised if day is not None and day >= today), default=None)
    rows = _rows([(line.id, _figure(line.open), "") for line in lines])
    return rows | {"rest": "follows", "expected_date": ahead.isoformat() if ahead else ""}


def joined(values: dict[str, str], lines: Sequence[DespatchableLine]) -> dict[str, str]:
    """The sheet as it was typed, and behind it all that is open of orders that were chosen only now."""
    rows = Form(values).rows("lines")
    there = {values.get(f"lines.{row}.order_line_id", "") for row in rows}
    more = [(line.id, _figure(line.open), "") for line in lines if str(line.id) not in there]
    return {**values, **_rows(more, first=max(rows) + 1)}


def filled_with(advice: AdviceOut, lines: Iterable[DespatchableLine]) -> dict[str, str]:
    """A sheet that says what a draft says, and offers the other lines of its orders."""
    stated = [(line.order_line_id, _figure(line.quantity), line.batch) for line in advice.lines]
    named = {line_id for line_id, _quantity, _batch in stated}
    others = [(line.id, "", "") for line in lines if line.id not in named]
    never = any(line.outstanding_quantity == ZERO for line in advice.lines)
    plainly = ("carrier", "tracking_number", "despatch_date", "expected_date")
    values = {name: str(getattr(advice, name) or "") for name in plainly}
    for number, package in enumerate(advice.packages):
        for name in ("sscc", "type", "weight"):
            values[f"packages.{number}.{name}"] = getattr(package, name) or ""
    return values | _rows([*stated, *others]) | {"rest": "never" if never else "follows"}


def described(values: dict[str, str], lines: Sequence[DespatchableLine]) -> dict[str, Any]:
    """The sheet with what each row is of: that is printed and never sent."""
    known = {str(line.id): line for line in lines}
    placed = are_placed(lines)
    shown: dict[str, Any] = {}
    for row in Form(values).rows("lines"):
        line = known.get(values.get(f"lines.{row}.order_line_id", ""))
        if line is not None:
            shown[f"lines.{row}.what"] = told(line, placed, _promised(line))
            shown[f"lines.{row}.open"] = quantity(line.open, line.unit)
    return values | shown


def read(typed: Typed) -> Wanted:
    """What was filled in; a row without a quantity stays at home."""
    form = _filled(typed).typed.convert(DespatchForm, only=DespatchForm.__struct_fields__)
    return Wanted(form, REST.get(typed.values.get("rest", "")))


def problems(typed: Typed, refusal: Refusal) -> list[FieldError]:
    """What is wrong, at the rows that were typed; a refusal that names no field is said of the whole."""
    filled = _filled(typed)
    if not filled.rows:
        return [FieldError("lines", _("Enter a quantity for at least one line."))]
    return filled.placed(refusal.errors) or [FieldError("", str(refusal))]


def _filled(typed: Typed) -> Filled:
    return Filled(typed, "lines", ("quantity",))


def _rows(rows: Iterable[tuple[UUID, str, str]], first: int = 0) -> dict[str, str]:
    values = {}
    for number, (line_id, amount, batch) in enumerate(rows, start=first):
        prefix = f"lines.{number}"
        values |= {f"{prefix}.order_line_id": str(line_id), f"{prefix}.quantity": amount, f"{prefix}.batch": batch}
    return values


def _figure(value: Decimal) -> str:
    return plain(value.normalize()) if value > ZERO else ""


def _promised(line: DespatchableLine) -> Iterable[Markup]:
    """When it is promised; a line that comes in several deliveries tells each with its quantity."""
    dated = [each for each in line.promises if each.promised_date]
    for each in dated:
        when = day(each.promised_date)
        several = Markup("{}: {}").format(quantity(each.quantity, line.unit), when)
        yield Markup('<small class="under">{}</small>').format(
            several if len(dated) > 1 else _("promised {day}", day=when)
        )
