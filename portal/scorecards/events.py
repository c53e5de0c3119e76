"""What happens to scores."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID


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


@dataclass(frozen=True)
class MonthFrozen:
    """The scores of a month, and of all before it, stay as they are; what comes later is a restatement."""

    code = "scorecard.month-frozen"
    month: str
    scorecards: int


@dataclass(frozen=True)
class ScorecardsFrozen:
    """Some suppliers' months, up to this one, became scorecards; when all of them have, the month is frozen."""

    code = "scorecard.frozen"
    month: str
    scorecards: int


@dataclass(frozen=True)
class ScorecardRestated:
    """A frozen month says something else from now on, for this reason; what it said before stays to be read."""

    code = "scorecard.restated"
    scorecard_id: UUID
    supplier_id: UUID
    month: str
    revision: int
    reason: str


@dataclass(frozen=True)
class ExcuseAsked:
    """The supplier asks not to be blamed for a fact."""

    code = "score-excuse.asked"
    excuse_id: UUID
    supplier_id: UUID
    reason: str


@dataclass(frozen=True)
class ExcuseGranted:
    """The supplier is not blamed for a fact: it counts in the raw figure alone."""

    code = "score-excuse.granted"
    excuse_id: UUID
    supplier_id: UUID
    excuse: str


@dataclass(frozen=True)
class ExcuseRefused:
    """The fact counts as it is, and the reason says why."""

    code = "score-excuse.refused"
    excuse_id: UUID
    supplier_id: UUID
    reason: str


@dataclass(frozen=True)
class ExcuseWithdrawn:
    """An excuse was a mistake: the fact counts again."""

    code = "score-excuse.withdrawn"
    excuse_id: UUID
    supplier_id: UUID
    reason: str
