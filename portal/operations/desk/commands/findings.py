"""What a run found holds until the import is changed or run again; then it is forgotten, and said nowhere any more."""

from portal.operations.desk.tables import FileImport, ImportFile
from portal.platform.work import Change


async def forget_findings(change: Change, row: FileImport) -> list[ImportFile]:
    """Forget the report, the problems and the progress of the last run. Gives the files that it gave back, whose bytes
    are for the caller to delete after the commit."""
    row.report = row.refusal = None
    for table in ("import_problem", "import_progress"):
        change.sql(f"delete from {table} where import_id = $1", row.id)
    old = await change.rows(ImportFile, "import_id = $1 and purpose = 'corrections'", row.id)
    change.remove_all(old)
    return old
