"""The quantity ledger's only writer.

Despatch, receipt and invoice join with their own change: `book` locks the order, adds their movements to its lines,
refuses whatever would pass a ceiling, naming every line at once, and derives the order's three statuses. Because the
order row is locked first, two receipts at once can never pass a tolerance together.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from portal.orders.rules import progress
from portal.orders.states import S
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.platform.decimals import ZERO, difference, total
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, FieldError
from portal.platform.units import short
from portal.platform.work import Change


class Movement(NamedTuple):
    """What one act adds to one line's ledger; negative figures undo. `field` names the input for an error message."""

    line_id: UUID
    despatched: Decimal = ZERO
    accepted: Decimal = ZERO
    rejected: Decimal = ZERO
    invoiced: Decimal = ZERO
    field: str = ""


class OverTolerance(Conflict):
    """One or more lines would pass their ceiling; `errors` names each."""

    title = _("This is more than the order allows")

    def __init__(self, errors: Sequence[FieldError], order_id: UUID) -> None:
        super().__init__(errors[0].message, subject_id=order_id)
        self.errors = tuple(errors)


_LIVE = (S.ISSUED, S.ACCEPTED, S.CONDITIONALLY_ACCEPTED)
_CEILINGS = {
    "despatched": (
        "despatch_ceiling",
        _("Line {line}: {done} of {ordered} {unit} are despatched already; {more} more is too much."),
    ),
    "received": (
        "receive_ceiling",
        _("Line {line}: {done} of {ordered} {unit} were received already; {more} more is too much."),
    ),
    "invoiced": (
        "invoice_ceiling",
        _("Line {line}: {done} of {ordered} {unit} are invoiced already; {more} more is too much."),
    ),
}


async def book(
    change: Change, order_id: UUID, movements: Sequence[Movement], *, also_closed: bool = False
) -> tuple[PurchaseOrder, list[PurchaseOrderLine]]:
    """Add movements to the ledger of one order; returns the order and its lines as they are now.

    Raises `Conflict` if the order is on hold or over (`also_closed` lets late invoices in; undoing is never too late),
    `OverTolerance` if a line would pass its ceiling. A line of another order is `NotFound` to the caller, which looks
    its lines up itself.
    """
    order = await change.row(PurchaseOrder, order_id)
    _require_live(order, also_closed, undoing=not any(_adds(movement) for movement in movements))
    lines = await change.rows(PurchaseOrderLine, "order_id = $1 order by line", order_id)
    by_id = {line.id: line for line in lines}
    errors = [error for movement in movements if (error := _add(by_id[movement.line_id], movement))]
    if errors:
        raise OverTolerance(errors, order_id)
    change.write_all([by_id[movement.line_id] for movement in {m.line_id: m for m in movements}.values()])
    order.despatch_status = progress(lines, lambda line: line.despatched)
    order.receipt_status = progress(lines, lambda line: line.accepted)
    order.invoice_status = progress(lines, lambda line: line.invoiced)
    change.write(order)
    return order, lines


def _adds(movement: Movement) -> bool:
    return any(more > ZERO for more in (movement.despatched, movement.accepted, movement.rejected, movement.invoiced))


def _require_live(order: PurchaseOrder, also_closed: bool, undoing: bool) -> None:
    if order.on_hold:
        raise Conflict(_("This order is on hold: {reason}.", reason=order.hold_reason or "–"), subject_id=order.id)
    if order.state not in _LIVE and not undoing and not (also_closed and order.state == S.CLOSED):
        raise Conflict(_("This order is not open any more, or not issued yet."), subject_id=order.id)


def _add(line: PurchaseOrderLine, movement: Movement) -> FieldError | None:
    came = total((movement.accepted, movement.rejected))
    added = {"despatched": movement.despatched, "received": came, "invoiced": movement.invoiced}
    for column, more in added.items():
        if more > ZERO and (refusal := _over(line, column, more)):
            return FieldError(movement.field, refusal)
    line.despatched = total((line.despatched, movement.despatched))
    line.accepted = total((line.accepted, movement.accepted))
    line.rejected = total((line.rejected, movement.rejected))
    line.received = total((line.received, came))
    line.invoiced = total((line.invoiced, movement.invoiced))
    return None


def _over(line: PurchaseOrderLine, column: str, more: Decimal) -> Message | None:
    ceiling, text = _CEILINGS[column]
    limit, done = getattr(line, ceiling), getattr(line, column)
    given_back = (
        line.returned_for_replacement if column == "received" else line.credited if column == "invoiced" else ZERO
    )
    if limit is None or total((difference(done, given_back), more)) <= limit:
        return None
    return Message(
        text.text, {"line": line.line, "done": done, "ordered": line.quantity, "unit": short(line.unit), "more": more}
    )
