"""Days as the companies of the stories count them: their sites lie in Berlin, wherever the tests run."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def today() -> date:
    return datetime.now(ZoneInfo("Europe/Berlin")).date()
