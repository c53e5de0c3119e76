"""What programs and pages send to the import desk, and what they learn of it."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from portal.platform.fields import Line, Text

Kind = Literal["suppliers", "items", "prices", "orders", "receipts", "all"]


class MappingName(Line):
    longest = 100


class MappingText(Text):
    """A mapping as its file says it, in TOML."""

    longest = 1_000_000


class NewImport(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An import without files yet; without a kind it is found out from the files."""

    kind: Kind | None = None


class MappingChoice(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A kept mapping by its id, or a mapping itself in TOML; neither: one is proposed."""

    kind: Kind | None = None
    mapping_id: UUID | None = None
    mapping: MappingText | None = None


class Start(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`trial` goes all the way and is undone; `leave_out` imports the records that nothing is wrong with."""

    trial: bool = True
    leave_out: bool = False


class MappingSave(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A mapping itself, or that of an import, to be kept under a name: its next version if the name is known."""

    name: MappingName
    mapping: MappingText | None = None
    import_id: UUID | None = None


class MappingRename(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    name: MappingName


class FileOut(msgspec.Struct):
    """A file of an import; `purpose` is given or corrections. `forgotten_at`: since when its bytes are deleted."""

    id: UUID
    name: str
    purpose: str
    size: int
    sha256: str
    created_at: datetime
    forgotten_at: datetime | None


class Progress(msgspec.Struct):
    """How much of a run is done, 0 to 1, what is being done, and when that was told last."""

    done: float
    what: str
    at: datetime


class MappingUsed(msgspec.Struct):
    """The name of a kept mapping and its version; no version: it was changed since, or never kept."""

    name: str
    number: int | None


class Who(msgspec.Struct, frozen=True):
    """A person by name; empty where the portal itself or an operator acted."""

    id: UUID | None
    name: str


NOBODY = Who(None, "")


class ImportRow(msgspec.Struct):
    """An import in a list. `via` is desk (page and API) or command (the operators' command line)."""

    id: UUID
    name: str
    kind: str
    state: str
    via: str
    trial: bool
    counts: dict[str, dict[str, int]]
    created_by: Who
    created_at: datetime
    ended_at: datetime | None


class ImportOut(msgspec.Struct, kw_only=True):
    """An import with what came of its last run; `refusal` is a sentence, `treated` says in sentences what the mapping
    made of texts that are no values, `doubts` which columns can be read in two ways and how they were (for who may read
    what stands in the files). `unplaced` counts rows that do not say which order they are of: while there are any, no
    rows are left out. `scores` counts suppliers' months of before that follow what came (`open`) or are frozen.
    `priced`: its files hold prices, which not everybody reads."""

    id: UUID
    name: str
    kind: str
    priced: bool = False
    state: str
    via: str
    trial: bool = False
    leave_out: bool = False
    mapping: MappingUsed
    files: list[FileOut]
    counts: dict[str, dict[str, int]]
    totals: dict[str, Any] | None = None
    left_out: dict[str, int] = {}
    unplaced: dict[str, int] = {}
    unused: list[str] = []
    scores: dict[str, int] | None = None
    treated: list[str] = []
    doubts: list[str] = []
    errors: int = 0
    warnings: int = 0
    refusal: str = ""
    progress: Progress | None = None
    created_by: Who = NOBODY
    created_at: datetime
    started_by: Who = NOBODY
    started_at: datetime | None = None
    ended_at: datetime | None = None
    cancel_asked_at: datetime | None = None
    corrects_id: UUID | None = None
    corrected_by: list[UUID] = []
    version: int


class ProblemOut(msgspec.Struct):
    """One cell, or one row where `column` is empty, and what is wrong with it; rows count as spreadsheets do. `part` is
    the sort of records that the row was read for; `column` names a field where the file has no column for it."""

    number: int
    severity: str
    part: str
    file: str
    row: int
    column: str
    value: str
    reason: str


class MappingVersionOut(msgspec.Struct):
    number: int
    saved_by: Who
    saved_at: datetime


class MappingOut(msgspec.Struct):
    """A kept mapping; `latest` is the number of its newest version."""

    id: UUID
    name: str
    kinds: list[str]
    latest: int
    created_at: datetime
    saved_by: Who
    saved_at: datetime
    version: int
