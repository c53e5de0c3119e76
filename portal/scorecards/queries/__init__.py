"""Everything that is read about scores. A score is one statement; so is a page of the facts behind it."""

from portal.scorecards.queries.excuses import (
    Excuses,
    excusable,
    excuse_out,
    excuse_row,
    excuses,
    excuses_waiting,
)
from portal.scorecards.queries.figures import (
    MonthScore,
    last_month_with_facts,
    score,
    score_and_revision,
    score_now,
    scores_by_customer,
    scores_by_month,
    scores_of_suppliers,
    totals_by_supplier,
)
from portal.scorecards.queries.kept import compared, kept_figures, kept_in
from portal.scorecards.queries.lines import facts
from portal.scorecards.queries.months import (
    Scoring,
    figures_by_month,
    figures_lately,
    kept_rows,
    period_of,
    scoring_of,
)
from portal.scorecards.queries.parties import Pair, customers, pair_of, settings_of
from portal.scorecards.queries.ranking import Asked, Ranking, categories, every_rank, ranking, shares

__all__ = [
    "Asked",
    "Excuses",
    "MonthScore",
    "Pair",
    "Ranking",
    "Scoring",
    "categories",
    "compared",
    "customers",
    "every_rank",
    "excusable",
    "excuse_out",
    "excuse_row",
    "excuses",
    "excuses_waiting",
    "facts",
    "figures_by_month",
    "figures_lately",
    "kept_figures",
    "kept_in",
    "kept_rows",
    "last_month_with_facts",
    "pair_of",
    "period_of",
    "ranking",
    "score",
    "score_and_revision",
    "score_now",
    "scores_by_customer",
    "scores_by_month",
    "scores_of_suppliers",
    "scoring_of",
    "settings_of",
    "shares",
    "totals_by_supplier",
]
