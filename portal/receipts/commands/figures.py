"""The figures of a receipt, as the ledger books them and as its events tell them."""

from collections.abc import Iterable
from uuid import UUID

from portal.orders.commands import Movement
from portal.receipts.events import ReceivedLine
from portal.receipts.rules import Came


def movements(came: Iterable[Came]) -> dict[UUID, list[Movement]]:
    """What each order's ledger is to book."""
    by_order: dict[UUID, list[Movement]] = {}
    for each in came:
        moved = Movement(
            each.order_line_id,
            accepted=each.accepted,
            rejected=each.rejected,
            in_inspection=each.to_inspect,
            returned_for_replacement=each.to_replace,
            field=each.field,
        )
        by_order.setdefault(each.order_id, []).append(moved)
    return by_order


def told(came: Iterable[Came], order_id: UUID) -> tuple[ReceivedLine, ...]:
    """The order's part, in positive figures, whether it came or is undone."""
    return tuple(
        ReceivedLine(each.order_line_id, each.accepted.copy_abs(), each.rejected.copy_abs(), each.to_inspect.copy_abs())
        for each in came
        if each.order_id == order_id
    )
