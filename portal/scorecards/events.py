"""What happens to scores."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ScoresRecomputed:
    """Scores or standings of some of the buyer's suppliers are not what they were."""

    code = "scorecard.recomputed"
    suppliers: int
