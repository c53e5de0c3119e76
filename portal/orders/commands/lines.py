"""The lines of an order for a command that holds its lock, and the order's sums over them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.orders.queries.parts import LINES
from portal.orders.rules import totals_of
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.platform.money import decimals
from portal.platform.work import Change


async def lines_of(change: Change, order_id: UUID) -> list[PurchaseOrderLine]:
    return await change.part(LINES, order_id)


def set_totals(order: PurchaseOrder, lines: Sequence[Any]) -> None:
    """Raises `AmountTooLarge` where no document could carry the sum."""
    sums = totals_of(lines, order.currency)
    order.net, order.tax, order.gross = sums.net, sums.tax, sums.gross
    order.gross_minor = int(sums.gross.scaleb(decimals(order.currency)))
