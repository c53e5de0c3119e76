"""What happens to settings; `person_id` is whose own one is."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class SettingProposed:
    """Nothing changes until a second person approves it."""

    code = "setting.proposed"
    setting_id: UUID
    kind: str
    effective_from: date
    reason: str
    person_id: UUID | None = None


@dataclass(frozen=True)
class SettingApproved:
    """It holds from its day on."""

    code = "setting.approved"
    setting_id: UUID
    kind: str
    effective_from: date
    person_id: UUID | None = None


@dataclass(frozen=True)
class SettingDeclined:
    code = "setting.declined"
    setting_id: UUID
    kind: str
    reason: str
    person_id: UUID | None = None


@dataclass(frozen=True)
class SettingWithdrawn:
    """Taken back before it held, by who proposed it, or because something else took its place at once."""

    code = "setting.withdrawn"
    setting_id: UUID
    kind: str
    reason: str
    person_id: UUID | None = None


@dataclass(frozen=True)
class SettingApplied:
    """Its day has come: what reads this setting reads this value from here on."""

    code = "setting.applied"
    setting_id: UUID
    kind: str
    person_id: UUID | None = None


@dataclass(frozen=True)
class SettingLowered:
    """Something was taken away, which waits for nobody."""

    code = "setting.lowered"
    setting_id: UUID
    kind: str
    person_id: UUID | None = None
