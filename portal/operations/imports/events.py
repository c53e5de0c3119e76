"""What happens when files are imported."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class FilesImported:
    """One run brought records in: how many of what, from which files with which SHA-256."""

    code = "import.completed"
    run_id: UUID
    kind: str
    counts: dict[str, Any]
    files: dict[str, str]
