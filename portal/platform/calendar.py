"""Days on which people work, local dates, and calendar months.

Holidays are the public ones of the whole country; Chinese weekends that are worked to make up for a holiday (调休) are
business days. A country whose holidays are unknown works Monday to Friday.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple, Self
from zoneinfo import ZoneInfo

from portal.platform.late import Late

if TYPE_CHECKING:
    import holidays
else:
    holidays = Late("holidays")

LONGEST: Final = 1000
SATURDAY: Final = 5
MONTH: Final = re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])")


@cache
def _country(code: str) -> "holidays.HolidayBase | None":
    try:
        return holidays.country_holidays(code)
    except NotImplementedError:
        return None


def is_business_day(day: date, country: str) -> bool:
    """Whether offices in the country (ISO 3166 alpha-2) work on that day."""
    calendar = _country(country)
    if calendar is None:
        return day.weekday() < SATURDAY
    _ = day in calendar  # this fills in the year; only then are its worked weekends known
    return calendar.is_working_day(day)


def add_business_days(start: datetime, days: int, country: str, time_zone: str) -> datetime:
    """The same local time, `days` business days later, as an instant in UTC.

    The local day of `start` does not count, so an order issued on Friday evening with two days to answer is due on
    Tuesday evening. 0 days means the start itself, or the next business day if it fell on a day off.
    """
    if not 0 <= days <= LONGEST:
        raise ValueError(f"between 0 and {LONGEST} business days")
    local = start.astimezone(ZoneInfo(time_zone))
    day = _next_business_day(local.date() + timedelta(days=1), country) if days else local.date()
    for _ in range(days - 1):
        day = _next_business_day(day + timedelta(days=1), country)
    return datetime.combine(_next_business_day(day, country), local.time(), local.tzinfo).astimezone(UTC)


def _next_business_day(day: date, country: str) -> date:
    while not is_business_day(day, country):
        day += timedelta(days=1)
    return day


def local_date(instant: datetime, zone: str) -> date:
    """The date that the clock on a site's wall shows; `instant` carries a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(ZoneInfo(zone)).date()


def day_begins(day: date, zone: str) -> datetime:
    """The instant, in UTC, at which the day begins where that clock hangs."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


class Month(NamedTuple):
    """A calendar month, the period of scorecards; written `2026-10`."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `2026-10` and nothing looser, from 1900 to 2199; raises ValueError."""
        if not MONTH.fullmatch(text):
            raise ValueError("a month is written like 2026-10")
        return cls(int(text[:4]), int(text[5:]))

    def plus(self, months: int) -> "Month":
        years, index = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(years, index + 1)

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"
