"""Pure rules of orders: what a line costs, what an answer means and cannot say, and how far a ledger is."""

from portal.orders.rules.answers import Agreed, agreed, as_it_stands, by_line, differs, inside, taken_off
from portal.orders.rules.ceilings import carried, offered_unapproved, over, unapproved
from portal.orders.rules.changes import alter, impossible_change
from portal.orders.rules.checks import gone, impossible
from portal.orders.rules.differences import Difference, differences
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
from portal.orders.rules.sums import (
    departs,
    first_wanted,
    gross_agreed,
    gross_at_most,
    net_agreed,
    net_of,
    net_wanted,
    totals_of,
)

__all__ = [
    "SERVICES",
    "UNDELIVERED",
    "Agreed",
    "Difference",
    "Statuses",
    "agreed",
    "agreed_quantities",
    "alter",
    "as_it_stands",
    "by_line",
    "carried",
    "departs",
    "differences",
    "differs",
    "finished",
    "first_wanted",
    "gone",
    "gross_agreed",
    "gross_at_most",
    "impossible",
    "impossible_change",
    "inside",
    "net_agreed",
    "net_of",
    "net_wanted",
    "offered_unapproved",
    "over",
    "remaining",
    "statuses",
    "taken_off",
    "to_replace",
    "totals_of",
    "unapproved",
    "wanted",
    "went_back",
]
