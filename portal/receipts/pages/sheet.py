"""The sheet on which a receipt is booked: a row for each line that is expected, filled as if all of it came well."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from markupsafe import Markup

from portal.platform.decimals import ZERO, difference, plain
from portal.platform.i18n import Message, _
from portal.platform.refusals import FieldError, Invalid, Refusal
from portal.receipts.forms import ReceiptForm
from portal.shipments.forms import AdviceRow, DespatchLineOut
from portal.shipments.queries import OpenLine
from portal.web import Form
from portal.web.formats import NOTHING, quantity
from portal.web.goods import are_placed, told
from portal.web.grid import Filled
from portal.web.input import Typed

_LOCAL = "%Y-%m-%dT%H:%M"


class Expected(NamedTuple):
    """A line that goods are expected on, of the delivery where there is one."""

    order_line_id: UUID
    despatch_line_id: UUID | None
    what: Markup
    quantity: Decimal
    unit: str
    batch: str = ""


class Sheet(NamedTuple):
    """What is expected from whom, and where the filled sheet goes; `advice` is the delivery, if it is one.

    `crumbs` (title, address) lead back to the record that the sheet belongs to. `announced` are deliveries of the same
    order on their way: goods that came with one are better received there.
    """

    title: Message
    action: str
    back: str
    supplier: str
    lines: Sequence[Expected]
    crumbs: Sequence[tuple[Message | str, str]]
    advice: AdviceRow | None = None
    announced: Sequence[AdviceRow] = ()

    @property
    def batched(self) -> bool:
        return any(line.batch for line in self.lines)


def of_order(lines: Sequence[OpenLine]) -> list[Expected]:
    placed = are_placed(lines)
    return [Expected(line.id, None, told(line, placed), line.open, line.unit) for line in lines]


def of_delivery(lines: Sequence[DespatchLineOut]) -> list[Expected]:
    several = len({line.order_id for line in lines}) > 1
    return [
        Expected(line.order_line_id, line.id, told(line, several), _left(line), line.unit, line.batch) for line in lines
    ]


def fresh(sheet: Sheet, now: datetime, time_zone: str) -> dict[str, Any]:
    values = {"delivered_at": now.astimezone(ZoneInfo(time_zone)).strftime(_LOCAL)}
    for number, line in enumerate(sheet.lines):
        values[f"lines.{number}.order_line_id"] = str(line.order_line_id)
        values[f"lines.{number}.despatch_line_id"] = str(line.despatch_line_id or "")
        values[f"lines.{number}.accepted"] = plain(line.quantity.normalize()) if line.quantity > ZERO else ""
    return values


def described(values: dict[str, Any], sheet: Sheet) -> dict[str, Any]:
    """The sheet with what each row is of: that is printed and never sent."""
    known = {(str(line.order_line_id), str(line.despatch_line_id or "")): line for line in sheet.lines}
    shown: dict[str, Any] = {}
    for row in Form(values).rows("lines"):
        named = (values.get(f"lines.{row}.{name}", "") for name in ("order_line_id", "despatch_line_id"))
        if line := known.get(tuple(named)):
            shown[f"lines.{row}.what"] = line.what
            shown[f"lines.{row}.expected"] = quantity(line.quantity, line.unit)
            shown[f"lines.{row}.batch"] = line.batch or NOTHING
    return values | shown


def read(typed: Typed, sheet: Sheet, time_zone: str) -> ReceiptForm:
    """What was filled in; the time of delivery was typed as the clock of the person shows it."""
    filled = _filled(typed).typed
    local = typed.values.get("delivered_at", "")
    sent = Typed([(name, value) for name, value in filled.pairs if name != "delivered_at"])
    if local:
        sent = Typed([*sent.pairs, ("delivered_at", _instant(local, time_zone))])
    against = {"despatch_advice_id": str(sheet.advice.id)} if sheet.advice else {}
    form = sent.convert(ReceiptForm, only=("lines", "delivered_at", "delivery_note"), **against)
    errors = [
        FieldError(f"lines.{number}.reason", _("Say what is wrong with the rejected goods."))
        for number, line in enumerate(form.lines)
        if line.rejected and not (line.reason or "").strip()
    ]
    if errors:
        raise Invalid(errors=errors)
    return form


def problems(typed: Typed, refusal: Refusal) -> list[FieldError]:
    """What is wrong, at the rows that were typed; a refusal that names no field is said of the whole."""
    filled = _filled(typed)
    if not filled.rows:
        return [FieldError("lines", _("Enter what came for at least one line."))]
    return filled.placed(refusal.errors) or [FieldError("", str(refusal))]


def _filled(typed: Typed) -> Filled:
    return Filled(typed, "lines", ("accepted", "rejected", "in_inspection"))


def _instant(local: str, time_zone: str) -> str:
    """The typed time with its offset; what is no time stays as it is, and is refused as such."""
    try:
        return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(time_zone)).isoformat(timespec="seconds")
    except ValueError:
        return local


def _left(line: DespatchLineOut) -> Decimal:
    return max(difference(difference(line.quantity, line.missing), line.received), ZERO)
