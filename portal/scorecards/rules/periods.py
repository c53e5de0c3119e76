"""What time a score is about."""

from datetime import date
from typing import Final, NamedTuple

from portal.platform.calendar import Month

MONTHS: Final = 12
LATELY: Final = "last-12-months"


class Period(NamedTuple):
    """What time a score is about: a calendar month `2026-10`, `last-12-months` or `all`; [first, until)."""

    code: str
    first: date
    until: date

    @property
    def month(self) -> Month | None:
        return Month.of(self.first) if self.code[:1].isdigit() else None

    @classmethod
    def parse(cls, code: str | None, today: date) -> "Period":
        """The period of that code; none is the month of `today`. Raises ValueError."""
        if code == "all":
            return cls("all", date.min, date.max)
        if code == LATELY:
            month = Month.of(today)
            return cls(code, month.plus(1 - MONTHS).first, month.plus(1).first)
        month = Month.parse(code) if code else Month.of(today)
        return cls(str(month), month.first, month.plus(1).first)
