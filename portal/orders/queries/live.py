"""Which orders and lines goods belong to: for queries of later steps, in which orders are `o` and their lines `l`."""

from collections.abc import Iterable
from uuid import UUID

from portal.orders.rules import SERVICES, UNDELIVERED
from portal.orders.states import LIVE, Standing
from portal.platform.work import View

__all__ = ["DELIVERED", "GOODS", "IS_LIVE", "LIVE", "PROMISED", "SERVICE", "Standing", "has_goods", "has_services"]


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


# The order was issued and is not over.
IS_LIVE = f"o.state in ({_listed(LIVE)})"
# Something comes of the line, as goods or as a service; others are only billed.
DELIVERED = f"l.kind not in ({_listed(sorted(UNDELIVERED))})"
# The line is despatched and received.
GOODS = f"l.kind not in ({_listed(sorted(UNDELIVERED | SERVICES))})"
# The line is performed, and accepted by a service entry.
SERVICE = f"l.kind in ({_listed(sorted(SERVICES))})"
# All of the line is to come: a limit is what a service may cost at most, and need not be used up.
PROMISED = f"l.kind not in ({_listed(sorted({*UNDELIVERED, 'limit'}))})"


async def has_goods(view: View, order_id: UUID) -> bool:
    """Whether anything of the order is to be despatched and received."""
    return await view.value(_HAS.format(kind=GOODS), order_id)


async def has_services(view: View, order_id: UUID) -> bool:
    """Whether anything of the order is to be performed."""
    return await view.value(_HAS.format(kind=SERVICE), order_id)


_HAS = "select exists (select from purchase_order_line l where l.order_id = $1 and {kind})"
