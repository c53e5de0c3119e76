"""What happens to imports and to saved mappings."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class ImportOpened:
    """Somebody brought files; `files` are their hashes by name."""

    code = "file-import.opened"
    import_id: UUID
    files: dict[str, str]


@dataclass(frozen=True)
class ImportChanged:
    """Another kind, another mapping, other files; whatever a trial found before counts no more."""

    code = "file-import.changed"
    import_id: UUID
    kind: str


@dataclass(frozen=True)
class ImportStarted:
    code = "file-import.started"
    import_id: UUID
    trial: bool
    leave_out: bool


@dataclass(frozen=True)
class ImportBegun:
    """A worker took it up."""

    code = "file-import.begun"
    import_id: UUID


@dataclass(frozen=True)
class ImportEnded:
    """The run is over: how, and with which figures."""

    code = "file-import.ended"
    import_id: UUID
    state: str
    counts: dict[str, Any]


@dataclass(frozen=True)
class ImportCancelled:
    """Somebody asked for its end; a run that has begun is undone by the worker."""

    code = "file-import.cancelled"
    import_id: UUID


@dataclass(frozen=True)
class ImportDiscarded:
    code = "file-import.discarded"
    import_id: UUID


@dataclass(frozen=True)
class FilesForgotten:
    """The bytes of old files are gone; names and hashes stay."""

    code = "file-import.files-forgotten"
    files: int


@dataclass(frozen=True)
class MappingSaved:
    """A mapping under a name: a new one, or the next version of the one that has it."""

    code = "import-mapping.saved"
    mapping_id: UUID
    name: str
    number: int


@dataclass(frozen=True)
class MappingRenamed:
    code = "import-mapping.renamed"
    mapping_id: UUID
    before: str
    name: str


@dataclass(frozen=True)
class MappingDeleted:
    code = "import-mapping.deleted"
    mapping_id: UUID
    name: str
