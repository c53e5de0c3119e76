"""What the story is played on: the people and things made so far, and the clock."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal.platform.actor import Actor
from portal.platform.database import set_clock


@dataclass
class Stage:
    """`now` is today; the story tells the days before it."""

    now: datetime
    organisations: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)
    items: dict[str, Any] = field(default_factory=dict)

    def at(self, days_ago: float) -> datetime:
        """It is that many days before today from here on."""
        moment = self.now - timedelta(days=days_ago)
        set_clock(moment)
        return moment
