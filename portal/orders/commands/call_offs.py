"""What an order calls off under its contracts: counted when it is issued, anew with each revision, given back when
less of it is wanted."""

from collections.abc import Sequence
from decimal import Decimal

from portal.contracts.commands import consume
from portal.contracts.queries import Called
from portal.orders.rules import net_wanted, remaining, wanted
from portal.orders.states import S
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.platform.decimals import ZERO
from portal.platform.work import Change

_NOTHING = (S.REJECTED, S.CANCELLED)


async def call_off(change: Change, order: PurchaseOrder, lines: Sequence[PurchaseOrderLine]) -> None:
    """Count the order as it is now, in its new state; without a line under a contract there is nothing to ask."""
    if not any(line.contract_id for line in lines):
        return
    called = []
    for line, quantity in wanted(lines):
        if line.contract_id is not None:
            much = _counting(order, line, quantity)
            net = net_wanted(line, much, order.currency)
            called.append(Called(line.id, line.line, line.contract_id, line.item_id, much, line.unit, net))
    await consume(change, order, called)


def _counting(order: PurchaseOrder, line: PurchaseOrderLine, quantity: Decimal) -> Decimal:
    """As much of a line as is still wanted of it: of an order that is over, what came or was billed."""
    if order.state in _NOTHING:
        return ZERO
    return min(quantity, remaining(line)) if order.state == S.CLOSED else quantity
