"""What is found in a PDF, and what is told of it."""

from datetime import datetime

import msgspec


class Signed(msgspec.Struct, kw_only=True):
    """One signature as it stands in the file.

    `intact`: the bytes that it covers are those that were signed, and the key of the certificate did it. `changed` is
    what was added to the file after it: `nothing`, `signatures` (others, and what keeps them checkable) or `other`.
    `portal` says that the certificate is this portal's own: then it is the portal that attests for `name`.
    """

    field: str
    name: str
    statement: str
    certificate: str
    issuer: str
    fingerprint: str
    valid_from: datetime
    valid_until: datetime
    at: datetime | None
    stamped_at: datetime | None = None
    stamped_by: str = ""
    is_timestamp: bool = False
    intact: bool = False
    whole: bool = False
    changed: str = "other"
    portal: bool = False
    reach: int = 0  # bytes of the file that existed when it was made

    @property
    def holds(self) -> bool:
        return self.intact and self.changed != "other"


class Finding(msgspec.Struct, kw_only=True):
    """A file as the examiner read it; `fault` says why it could not. `revisions` are the ends and the SHA-256 of what
    the file was before each update, oldest first. `added` says what came since the revision that was asked about:
    `nothing`, `signatures` (and what keeps them checkable) or `other`."""

    fault: str = ""
    pages: int = 0
    encrypted: bool = False
    active: list[str] = []
    revisions: list[tuple[int, str]] = []
    added: str = "other"
    signatures: list[Signed] = []


class KnownFile(msgspec.Struct, kw_only=True):
    """A file that this portal issued, found by its SHA-256. `code` is what stands at the foot of its pages."""

    sha256: str
    kind: str
    number: str
    revision: int
    issuer: str
    issued_at: datetime
    code: str
    is_current: bool
    is_logged: bool = False


class VerdictOut(msgspec.Struct, kw_only=True):
    """What can be said of a file in hand. `outcome` is `unchanged`, `signed` (only signatures were added since it was
    issued), `changed`, `unknown` or `unreadable`; `is_current` says that no later revision was issued."""

    outcome: str
    sha256: str
    size: int
    pages: int
    document: KnownFile | None = None
    fits_code: bool | None = None
    signatures: list[Signed] = []
