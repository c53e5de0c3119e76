"""Days and instants in forms, bounded so that adding terms and lead times never leaves the calendar."""

from datetime import UTC, date, datetime
from typing import Any

from portal.platform.calendar import MONTH
from portal.platform.fields.kind import FieldType, Words
from portal.platform.i18n import Message, _


class Day(date, metaclass=FieldType):
    """A date without a time, from 1900 to 2199."""

    native = date
    years = range(1900, 2200)
    pattern = "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
    example = "2026-10-31"

    @classmethod
    def expected(cls) -> Message:
        return _("Enter a date between 1900 and 2199 as year-month-day, such as {example}.", example=cls.example)

    @classmethod
    def made(cls, text: str) -> date:
        return date.fromisoformat(text)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        return FieldType.schema(cls) | {"format": "date"}


class MonthCode(Words):
    """A calendar month, from 1900 to 2199."""

    pattern = f"^{MONTH.pattern}$"
    example = "2026-10"

    @classmethod
    def expected(cls) -> Message:
        return _("Enter a month between 1900 and 2199 as year-month, such as {example}.", example=cls.example)


class Moment(datetime, metaclass=FieldType):
    """An instant with its offset (RFC 3339), from 1900 to 2199; kept in UTC."""

    native = datetime
    pattern = (
        Day.pattern[:-1]
        + r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$"
    )
    example = "2026-10-31T09:30:00Z"

    @classmethod
    def expected(cls) -> Message:
        return _("Enter a date and time with its offset from UTC, such as {example}.", example=cls.example)

    @classmethod
    def made(cls, text: str) -> datetime:
        return datetime.fromisoformat(text).astimezone(UTC)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        return FieldType.schema(cls) | {"format": "date-time"}
