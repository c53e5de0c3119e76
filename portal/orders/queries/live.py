"""Which orders and lines goods belong to: for queries of later steps, in which orders are `o` and their lines `l`."""

from portal.orders.rules import UNDELIVERED
from portal.orders.states import LIVE, Standing

__all__ = ["DELIVERED", "IS_LIVE", "LIVE", "Standing"]


def _listed(codes: tuple[str, ...]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


# The order was issued and is not over.
IS_LIVE = f"o.state in ({_listed(LIVE)})"
# The line is despatched and received; others are only billed.
DELIVERED = f"l.kind not in ({_listed(tuple(sorted(UNDELIVERED)))})"
