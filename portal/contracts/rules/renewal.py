"""When a contract is renewed, until when, and up to which day either side may give notice that it is not."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

WARNED_BEFORE = 14  # days before the last one for a notice, somebody is told of it
_YEAR = 12


def goes_on(contract: Any) -> bool:
    """Whether it is renewed on its last day, as things stand."""
    return contract.renewal_months > 0 and contract.notice_at is None


def notice_until(contract: Any) -> date:
    """The last day on which notice counts for the present period."""
    return contract.valid_to - timedelta(days=contract.notice_days)


def renewed_to(last: date, months: int, today: date) -> date:
    """The last day after as many periods as it takes to end after today; what ends with a month still does."""
    ends = last
    while ends <= today:
        ends = _later(ends, months)
    return ends


def _later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, _YEAR)
    year, month = day.year + years, month + 1
    length, at_end = monthrange(year, month)[1], day.day == monthrange(day.year, day.month)[1]
    return date(year, month, length if at_end else min(day.day, length))
