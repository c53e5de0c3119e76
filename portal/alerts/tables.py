"""What somebody has to look at."""

from piccolo.columns import UUID, Integer, Text, Timestamptz

from portal.platform.work import Row


class Alert(Row, tablename="alert"):
    """Of one `kind` and `subject_key` one is open at a time. `concerns` is the person whom it is about."""

    subject_kind = "alert"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    version = Integer(default=1)
    kind = Text()
    subject_key = Text()
    about = Text()
    concerns = UUID(null=True, default=None)
    created_by = UUID(null=True, default=None)
    record_kind = Text()
    record_id = UUID(null=True, default=None)
    state = Text(default="open")
    raised_at = Timestamptz()
    looked_after_by = UUID(null=True, default=None)
    resolved_by = UUID(null=True, default=None)
    resolved_at = Timestamptz(null=True, default=None)
    reason = Text()

    @property
    def name(self) -> str:
        """What the log calls it."""
        return self.about
