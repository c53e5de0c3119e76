"""What a score comes to: standings tile 0 to 100, and below a coverage and a count there is none."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

from portal.platform.decimals import half_up
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
        "too_few": _("Too few facts for a standing: at least {least} are needed."),
    }
)


def standing_of(score: Decimal) -> str:
    """The standing that a score from 0 to 100 falls into, by what people see of it: one decimal."""
    shown = half_up(score, 1)
    return next(standing.code for standing in reversed(STANDINGS) if shown >= standing.least)
