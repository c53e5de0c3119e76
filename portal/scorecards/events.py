"""What happens to scores."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class ScoresRecomputed:
    """Scores or standings of some of the buyer's suppliers are not what they were."""

    code = "scorecard.recomputed"
    suppliers: int


@dataclass(frozen=True)
class ScoreSettingsChanged:
    """The buyer scores by other rules from now on; `weights` are percent by criterion."""

    code = "scorecard.settings-changed"
    early_days: int | None
    in_full_tolerance: Decimal
    weights: dict[str, str]
