"""Everything that is read about scores. A score is one statement; so is a page of the facts behind it."""

from portal.scorecards.queries.cards import card_out, card_row, cards_of, months_before, snapshot_of_scorecard
from portal.scorecards.queries.definition import COLUMNS, FACTS, FACTS_OF_THEN, month_of, rules_of_then
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
)
from portal.scorecards.queries.kept import alike, compared, kept_figures, kept_in, seen_figures, told
from portal.scorecards.queries.lines import Asked as AskedFacts
from portal.scorecards.queries.lines import UnitSum, by_unit, facts, of_orders_seen
from portal.scorecards.queries.months import (
    Scoring,
    Span,
    figures_by_month,
    figures_lately,
    kept_rows,
    period_of,
    scoring_of,
    span_of_order,
)
from portal.scorecards.queries.parties import Pair, customers, pair_of, settings_of
from portal.scorecards.queries.ranking import MOST_FOUND, USUAL, Asked, Ranking, categories, every_rank, ranking, shares
from portal.scorecards.queries.side import Beside, asked_by, compared_out, period_named, side_by_side

__all__ = [
    "COLUMNS",
    "FACTS",
    "FACTS_OF_THEN",
    "MOST_FOUND",
    "USUAL",
    "Asked",
    "AskedFacts",
    "Beside",
    "Excuses",
    "MonthScore",
    "Pair",
    "Ranking",
    "Scoring",
    "Span",
    "UnitSum",
    "alike",
    "asked_by",
    "by_unit",
    "card_out",
    "card_row",
    "cards_of",
    "categories",
    "compared",
    "compared_out",
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
    "month_of",
    "months_before",
    "of_orders_seen",
    "pair_of",
    "period_named",
    "period_of",
    "ranking",
    "rules_of_then",
    "score",
    "score_and_revision",
    "score_now",
    "scores_by_customer",
    "scores_by_month",
    "scoring_of",
    "seen_figures",
    "settings_of",
    "shares",
    "side_by_side",
    "snapshot_of_scorecard",
    "span_of_order",
    "told",
]
