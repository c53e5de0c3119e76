"""Pure rules of scoring: what is measured, how figures become one score, and which standing a score is."""

from portal.scorecards.rules.criteria import CRITERIA, SCORED, WEIGHTS, Criterion, weights_of
from portal.scorecards.rules.excuses import ABOUT, CODES, OF_ITSELF, PARTS
from portal.scorecards.rules.figures import Excused, Figure, Score, points, score_of, share
from portal.scorecards.rules.periods import LATELY, MONTHS, Period
from portal.scorecards.rules.standings import (
    EDITION,
    LEAST_COUNT,
    LEAST_COVERAGE,
    MISSING,
    STANDINGS,
    USUAL,
    Bounds,
    Standing,
    standing_of,
)

__all__ = [
    "ABOUT",
    "CODES",
    "CRITERIA",
    "EDITION",
    "LATELY",
    "LEAST_COUNT",
    "LEAST_COVERAGE",
    "MISSING",
    "MONTHS",
    "OF_ITSELF",
    "PARTS",
    "SCORED",
    "STANDINGS",
    "USUAL",
    "WEIGHTS",
    "Bounds",
    "Criterion",
    "Excused",
    "Figure",
    "Period",
    "Score",
    "Standing",
    "points",
    "score_of",
    "share",
    "standing_of",
    "weights_of",
]
