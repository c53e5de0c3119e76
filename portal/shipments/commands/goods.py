"""What may be despatched: the order lines behind a form, or everything that speaks against it at once."""

from collections.abc import Sequence
from typing import Any

from portal.orders.commands import OverTolerance, over
from portal.platform.decimals import total
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import Change
from portal.shipments import queries
from portal.shipments.forms import DespatchForm, DespatchLineForm
from portal.shipments.queries import DespatchableLine


async def goods_of(change: Change, form: DespatchForm) -> list[DespatchableLine]:
    """The order line of each line of the form; refuses what is not the supplier's, not open, or too much."""
    known = {line.id: line for line in await queries.despatchable(change, [line.order_line_id for line in form.lines])}
    found = [known.get(line.order_line_id) for line in form.lines]
    first = next((line for line in found if line is not None), None)
    errors = []
    for number, line in enumerate(found):
        if line is None:
            errors.append(FieldError(f"lines.{number}.order_line_id", _("This is not one of your open order lines.")))
        elif first is not None and line.buyer_id != first.buyer_id:
            message = _("A despatch advice goes to one buyer; this line is of {buyer}.", buyer=line.buyer_name)
            errors.append(FieldError(f"lines.{number}.order_line_id", message))
        elif first is not None and line.ship_to != first.ship_to:
            message = _("Line {line} of {order} goes to another place. Despatch it by itself.", **_named(line))
            errors.append(FieldError(f"lines.{number}.order_line_id", message))
    if errors:
        raise Invalid(errors=errors)
    goods = [line for line in found if line is not None]
    for line in goods:
        if line.obstacle:
            raise Conflict(line.obstacle, subject_id=line.order_id)
    _require_room(goods, form.lines)
    return goods


def _named(line: DespatchableLine) -> dict[str, Any]:
    return {"line": line.line, "order": line.order_number}


def _require_room(goods: Sequence[DespatchableLine], wanted: Sequence[DespatchLineForm]) -> None:
    """Say at once what the ledger would refuse when the goods leave; the ledger alone decides then."""
    taken = {line.id: line.despatched for line in goods}
    errors = []
    for number, (line, entry) in enumerate(zip(goods, wanted, strict=True)):
        before = taken[line.id]
        taken[line.id] = total((before, entry.quantity))
        if message := over(line, "despatched", entry.quantity, done=before):
            errors.append(FieldError(f"lines.{number}.quantity", message))
    if errors:
        raise OverTolerance(errors, goods[0].order_id)
