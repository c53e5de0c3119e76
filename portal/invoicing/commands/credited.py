"""What a credit note does to the quantities of its orders, once the buyer agrees to it."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from portal.invoicing.tables import CreditNote, CreditNoteLine
from portal.orders.commands import Movement, book_each, went_back_of
from portal.platform.decimals import ZERO, difference
from portal.platform.work import Change


async def book_credited(change: Change, note: CreditNote, rows: Sequence[CreditNoteLine]) -> None:
    """Take what is given back out of the invoiced quantities. What went back is never billed again; a whole invoice
    that is credited is billed anew. Those that were booked when they were sent, as they once were, are booked already.
    """
    if note.booked_at is not None:
        return
    if note.kind == "goods":
        returned = await went_back_of(change, {row.order_line_id: row.booked for row in rows})
        for row in rows:
            row.returned = returned[row.order_line_id]
        change.write_all(list(rows))
    await _book(change, rows, [(row.booked, row.returned) for row in rows])
    note.booked_at = change.now


async def unbook_credited(change: Change, note: CreditNote, rows: Sequence[CreditNoteLine]) -> None:
    """What such a one gave back is billed as before."""
    if note.booked_at is None:
        return
    await _book(change, rows, [(difference(ZERO, row.booked), difference(ZERO, row.returned)) for row in rows])
    for row in rows:
        row.returned = ZERO
    change.write_all(list(rows))
    note.booked_at = None


async def _book(change: Change, rows: Sequence[CreditNoteLine], quantities: Sequence[tuple[Decimal, Decimal]]) -> None:
    movements: dict[UUID, list[Movement]] = {}
    for row, (credited, returned) in zip(rows, quantities, strict=True):
        field = f"lines.{row.line - 1}.quantity"
        movement = Movement(row.order_line_id, credited=credited, returned=returned, field=field)
        movements.setdefault(row.order_id, []).append(movement)
    await book_each(change, movements, also_closed=True)
