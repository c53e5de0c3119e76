"""The quantity ledger's only writer.

Despatch, receipt and invoice join with their own change: `book` locks the order, adds their movements to its lines,
refuses whatever would pass a ceiling, naming every line at once, and derives the order's three statuses. Because the
order row is locked first, two receipts at once can never pass a tolerance together. An order's own commands, which
hold its row already, `post` what was agreed in the same way.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from portal.orders.commands.lines import lines_of
from portal.orders.rules import over, statuses
from portal.orders.states import S, Standing
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.platform.decimals import ZERO, difference, total
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError
from portal.platform.work import Change


class Movement(NamedTuple):
    """What one act adds to one line's ledger; negative figures undo. `field` names the input for an error message.

    What came is accepted, rejected or `in_inspection`; an inspection moves it from the last to one of the others.
    `returned_for_replacement` is what the supplier is to deliver again: it may be despatched and received once more.
    `credited` leaves the invoiced quantity again and may be invoiced once more, but for what of it is `returned`.
    """

    line_id: UUID
    confirmed: Decimal = ZERO
    despatched: Decimal = ZERO
    accepted: Decimal = ZERO
    rejected: Decimal = ZERO
    in_inspection: Decimal = ZERO
    invoiced: Decimal = ZERO
    credited: Decimal = ZERO
    returned: Decimal = ZERO
    returned_for_replacement: Decimal = ZERO
    field: str = ""


class OverTolerance(Conflict):
    """One or more lines would pass their ceiling; `errors` names each."""

    title = _("This is more than the order allows")

    def __init__(self, errors: Sequence[FieldError], order_id: UUID) -> None:
        super().__init__(errors[0].message, subject_id=order_id)
        self.errors = tuple(errors)


async def book(
    change: Change, order_id: UUID, movements: Sequence[Movement], *, also_closed: bool = False
) -> tuple[PurchaseOrder, list[PurchaseOrderLine]]:
    """Add movements to the ledger of one order; returns the order and its lines as they are now.

    Raises `Conflict` if the order is on hold or over (`also_closed` lets late invoices in; undoing is never too late),
    `OverTolerance` if a line would pass its ceiling. A line of another order is `NotFound` to the caller, which looks
    its lines up itself.
    """
    order = await change.row(PurchaseOrder, order_id)
    _require_live(order, movements, also_closed)
    lines = await lines_of(change, order_id)
    post(change, order, lines, movements)
    return order, lines


def post(
    change: Change, order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], movements: Sequence[Movement]
) -> None:
    """The same for who has locked the order and read all its lines: every quantity and status is written here."""
    by_id = {line.id: line for line in lines}
    errors = [error for movement in movements if (error := _add(by_id[movement.line_id], movement))]
    if errors:
        raise OverTolerance(errors, order.id)
    change.write_all([by_id[movement.line_id] for movement in {m.line_id: m for m in movements}.values()])
    order.despatch_status, order.receipt_status, order.invoice_status = statuses(lines)
    change.write(order)


def _require_live(order: PurchaseOrder, movements: Sequence[Movement], also_closed: bool) -> None:
    if not any(more > ZERO for movement in movements for more in _quantities(movement)):
        return
    standing = Standing(order.number, order.state, order.on_hold, order.hold_reason)
    leaves = any(movement.despatched > ZERO for movement in movements)
    against = standing.against_leaving if leaves else standing.against_coming
    if against is not None and not (also_closed and order.state == S.CLOSED and not order.on_hold):
        raise Conflict(against, subject_id=order.id)


def _quantities(movement: Movement) -> tuple[Decimal, ...]:
    came = (movement.accepted, movement.rejected, movement.in_inspection)
    return movement.confirmed, movement.despatched, *came, movement.invoiced


def _add(line: PurchaseOrderLine, movement: Movement) -> FieldError | None:
    came = total((movement.accepted, movement.rejected, movement.in_inspection))
    added = {
        "despatched": movement.despatched,
        "received": came,
        "invoiced": difference(movement.invoiced, movement.credited),
    }
    line.returned_for_replacement = total((line.returned_for_replacement, movement.returned_for_replacement))
    for column, more in added.items():
        if more > ZERO and (refusal := over(line, column, more)):
            return FieldError(movement.field, refusal)
    line.confirmed = total((line.confirmed, movement.confirmed))
    line.despatched = total((line.despatched, movement.despatched))
    line.accepted = total((line.accepted, movement.accepted))
    line.rejected = total((line.rejected, movement.rejected))
    line.in_inspection = total((line.in_inspection, movement.in_inspection))
    line.received = total((line.received, came))
    line.invoiced = total((line.invoiced, movement.invoiced))
    line.credited = total((line.credited, movement.credited))
    line.returned = total((line.returned, movement.returned))
    return None
