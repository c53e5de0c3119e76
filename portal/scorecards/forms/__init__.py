"""What people and programs get to see of scores. Shares and scores are numbers; quantities stay exact strings."""

from portal.scorecards.forms.scores import (
    ComparedOut,
    CriterionOut,
    ExcuseForm,
    ExcuseOut,
    FactOut,
    FrozenOut,
    KeptScorecard,
    MonthForm,
    RankedOut,
    RestatementForm,
    ScorecardOut,
    SourceOut,
)
from portal.scorecards.forms.scoring import (
    ConsequencesForm,
    SettingsForm,
    SettingsOut,
    StandingsForm,
    StandingsOut,
    WeightsForm,
)

__all__ = [
    "ComparedOut",
    "ConsequencesForm",
    "CriterionOut",
    "ExcuseForm",
    "ExcuseOut",
    "FactOut",
    "FrozenOut",
    "KeptScorecard",
    "MonthForm",
    "RankedOut",
    "RestatementForm",
    "ScorecardOut",
    "SettingsForm",
    "SettingsOut",
    "SourceOut",
    "StandingsForm",
    "StandingsOut",
    "WeightsForm",
]
