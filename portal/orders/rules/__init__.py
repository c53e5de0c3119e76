"""Pure rules of orders: what a line costs, what an answer means and cannot say, and how far a ledger is."""

from portal.orders.rules.answers import Agreed, agreed, by_line, differs, inside
from portal.orders.rules.ceilings import over
from portal.orders.rules.checks import gone, impossible
from portal.orders.rules.progress import (
    SERVICES,
    UNDELIVERED,
    Statuses,
    agreed_quantities,
    finished,
    remaining,
    statuses,
    to_replace,
    wanted,
    went_back,
)
from portal.orders.rules.sums import gross_agreed, gross_at_most, net_agreed, net_of, totals_of

__all__ = [
    "SERVICES",
    "UNDELIVERED",
    "Agreed",
    "Statuses",
    "agreed",
    "agreed_quantities",
    "by_line",
    "differs",
    "finished",
    "gone",
    "gross_agreed",
    "gross_at_most",
    "impossible",
    "inside",
    "net_agreed",
    "net_of",
    "over",
    "remaining",
    "statuses",
    "to_replace",
    "totals_of",
    "wanted",
    "went_back",
]
