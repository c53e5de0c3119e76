"""What settings were, are and will be."""

from typing import Any

from piccolo.columns import JSONB, UUID, Date, Integer, Text, Timestamptz

from portal.access.tables import IdentityProvider, Membership
from portal.platform.work import Row

__all__ = ["IdentityProvider", "Membership", "SettingVersion"]


class SettingVersion(Row, tablename="setting_version"):
    """One value of a setting, from a day on. `concerns` is the person whose own it is; `supersedes` the version that
    was the last one when this was proposed."""

    subject_kind = "setting"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    kind = Text()
    subject_id = UUID()
    subject_name = Text()
    concerns = UUID(null=True, default=None)
    value: Any = JSONB()
    effective_from = Date()
    supersedes = UUID(null=True, default=None)
    state = Text(default="proposed")
    way = Text(default="checked")
    reason = Text()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    decision_reason = Text()
    applied_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)

    @property
    def name(self) -> str:
        """What the log calls it."""
        return self.subject_name
