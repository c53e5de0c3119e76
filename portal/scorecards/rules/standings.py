"""What a score comes to: standings tile 0 to 100, and below a coverage and a count there is none."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from portal.platform.decimals import half_up, plain
from portal.platform.i18n import Message, _

LEAST_COVERAGE: Final = Decimal(60)
LEAST_COUNT: Final = 5


class Standing(NamedTuple):
    """From `least` (inclusive) up to the next standing; the highest one includes 100."""

    code: str
    title: Message
    least: Decimal


STANDINGS: Final = (
    Standing("poor", _("Poor"), Decimal(0)),
    Standing("warn", _("Watch"), Decimal(60)),
    Standing("good", _("Good"), Decimal(80)),
)

MISSING: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "no_data": _("Nothing was due, delivered or invoiced in this time."),
        "low_coverage": _("Too few criteria have data for a standing: at least {least} % of the weights are needed."),
        "too_few": _("Too few facts for a standing: criteria of enough weight need at least {least} each."),
        "one_order": _("All of it is one order: a standing takes facts of several."),
    }
)


# By which edition of the rules months are told now. By the first, the criterion with the most facts decided whether
# there were enough, one order could be all of them, and quality was a sum of quantities.
EDITION: Final = 2


class Bounds(NamedTuple):
    """From which score on a supplier is watched and is good, and below how many facts or how much of the weights there
    is no standing. Each buyer sets its own; a frozen month keeps those of then, and the edition of the rules."""

    warn: Decimal = STANDINGS[1].least
    good: Decimal = STANDINGS[2].least
    least_count: int = LEAST_COUNT
    least_coverage: Decimal = LEAST_COVERAGE
    edition: int = EDITION

    @property
    def standings(self) -> tuple[Standing, ...]:
        """The tiles, the lowest first."""
        lowest, *others = STANDINGS
        return (lowest, *(each._replace(least=getattr(self, each.code)) for each in others))

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> "Bounds":
        """As they are kept; what is not there is usual. Only what was kept by the first edition names none."""
        said = {name: value for name, value in (kept or {}).items() if name in cls._fields and value is not None}
        exact: Any = {name: Decimal(value) if name in _SHARES else int(value) for name, value in said.items()}
        return cls(**{"edition": 1} | exact)

    def kept(self) -> dict[str, Any] | None:
        """As rows keep them: nothing where all was usual by the first edition."""
        shares = {name: plain(getattr(self, name)) for name in _SHARES}
        return None if self == Bounds(edition=1) else {**self._asdict(), **shares}


_SHARES = ("warn", "good", "least_coverage")
USUAL: Final = Bounds()


def standing_of(score: Decimal, bounds: Bounds = USUAL) -> str:
    """The standing that a score from 0 to 100 falls into, by what people see of it: one decimal."""
    shown = half_up(score, 1)
    return next(standing.code for standing in reversed(bounds.standings) if shown >= standing.least)
