"""What was imported, when, from which files."""

from piccolo.columns import JSONB, UUID, Integer, Text, Timestamptz

from portal.platform.work import Row


class ImportRun(Row, tablename="import_run"):
    """One import that changed something; every record it brought names it in its `source`."""

    subject_kind = "import-run"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    name = Text()
    kind = Text()
    mapping = Text()
    files = JSONB()
    counts = JSONB()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    version = Integer(default=1)
