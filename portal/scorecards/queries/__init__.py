"""Everything that is read about scores. A score is one statement; so is a page of the facts behind it."""

from portal.scorecards.queries.figures import (
    MonthScore,
    last_month_with_facts,
    score,
    scores_by_customer,
    scores_by_month,
    scores_of_suppliers,
    totals_by_supplier,
)
from portal.scorecards.queries.lines import facts
from portal.scorecards.queries.parties import Pair, customers, pair_of, settings_of

__all__ = [
    "MonthScore",
    "Pair",
    "customers",
    "facts",
    "last_month_with_facts",
    "pair_of",
    "score",
    "scores_by_customer",
    "scores_by_month",
    "scores_of_suppliers",
    "settings_of",
    "totals_by_supplier",
]
