"""Imports from the page, their files, and the mappings that an organisation keeps."""

from typing import Any

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Integer, Text, Timestamptz

from portal.platform.work import Row


class FileImport(Row, tablename="file_import"):
    """One import as a person prepares and runs it. `report` and `refusal` are of the last run; `priced`: it was of a
    kind whose files hold prices, now or before."""

    subject_kind = "file-import"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    name = Text()
    kind = Text()
    priced = Boolean(default=False)
    state = Text(default="draft")
    mapping: Any = JSONB()
    mapping_name = Text(default="")
    mapping_number = Integer(null=True, default=None)
    trial = Boolean(default=True)
    leave_out = Boolean(default=False)
    report: Any = JSONB(null=True, default=None)
    refusal: Any = JSONB(null=True, default=None)
    corrects_id = UUID(null=True, default=None)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    started_by = UUID(null=True, default=None)
    started_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    cancel_asked_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class ImportFile(Row, tablename="import_file"):
    """A file of an import; its bytes lie in the store until they are forgotten."""

    subject_kind = "import-file"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    import_id = UUID()
    name = Text()
    purpose = Text(default="given")
    size = BigInt()
    sha256 = Text()
    created_at = Timestamptz()
    forgotten_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class ImportMapping(Row, tablename="import_mapping"):
    """A name under which an organisation keeps a mapping, version after version."""

    subject_kind = "import-mapping"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    name = Text()
    latest = Integer(default=1)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    version = Integer(default=1)


class ImportMappingVersion(Row, tablename="import_mapping_version"):
    """What a mapping said when somebody saved it; it never changes."""

    subject_kind = "import-mapping-version"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    mapping_id = UUID()
    number = Integer()
    body: Any = JSONB()
    saved_by = UUID(null=True, default=None)
    saved_at = Timestamptz()
    version = Integer(default=1)
