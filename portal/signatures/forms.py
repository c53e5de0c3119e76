"""What is found in a PDF, and what is told of it."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

import msgspec

from portal.platform.fields import Day, Line


class Signed(msgspec.Struct, kw_only=True):
    """One signature as it stands in the file.

    `intact`: the bytes that it covers are those that were signed, and the key of the certificate did it. `changed` is
    what was added to the file after it: `nothing`, `signatures` (others, and what keeps them checkable) or `other`.
    `portal` says that the certificate is this portal's own: then it is the portal that attests for `name`. Otherwise
    that is whom the certificate is for; `self_issued` is one that the signer made, for which nobody vouches. `locks`
    says that whoever signs after it breaks it (DocMDP, FieldMDP: ISO 32000-1, 12.8.2).
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
    self_issued: bool = False
    locks: bool = False
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


class NewSigning(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is said of a document that is to be signed: by how many of each side, and which side signs `first`. The
    first places of one's own side are for `own_people`, if any are named; nobody signs after `sign_until`."""

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "Non-disclosure agreement 2026",
        "supplier_id": "0190a1b2-c3d4-7e8f-9a0b-1c2d3e4f5a6c",
        "own_places": 1,
        "their_places": 1,
        "first": "supplier",
    }

    title: Line
    supplier_id: UUID
    own_places: Annotated[int, msgspec.Meta(ge=1, le=3)] = 1
    their_places: Annotated[int, msgspec.Meta(ge=1, le=3)] = 1
    first: Literal["any", "buyer", "supplier"] = "any"
    own_people: Annotated[list[UUID], msgspec.Meta(max_length=3)] = []
    sign_until: Day | None = None


class DayForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The last day on which a document may be signed, by the buyer's own day."""

    EXAMPLE: ClassVar[dict[str, Any]] = {"sign_until": "2099-12-31"}
    sign_until: Day


class NameForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who signs a place; nobody means anybody of that side who may sign."""

    EXAMPLE: ClassVar[dict[str, Any]] = {"person_id": None}
    person_id: UUID | None = None


class SigningRow(msgspec.Struct, kw_only=True):
    """A document that is signed, in a list; `kind` and `record_id` of a record whose own document it is."""

    id: UUID
    version: int
    kind: str
    record_id: UUID | None
    state: str
    title: str
    file_name: str
    buyer_id: UUID
    buyer_name: str
    supplier_id: UUID
    supplier_name: str
    first: str
    sign_until: date | None
    places: int
    signed: int
    pages: int
    size: int
    sha256: str
    original_sha256: str
    created_at: datetime
    ended_at: datetime | None
    reason: str


class SignatoryOut(msgspec.Struct, kw_only=True):
    """A place for a signature, and who signed there: `document_sha256` is the file that they signed. While it is kept
    for one person (`meant_for`, `meant_name`), nobody else signs it. `certificate`, `issuer` and `fingerprint` are of
    the signer's own certificate if they signed outside the portal, else blank: then the portal attests for them, and
    `seal` is the SHA-256 of the picture of their company's seal that stands in the file, blank for none."""

    id: UUID
    position: int
    side: str
    meant_for: UUID | None
    meant_name: str
    name: str
    statement: str
    signed_at: datetime | None
    document_sha256: str | None
    sha256: str | None
    certificate: str
    issuer: str
    fingerprint: str
    seal: str


class SigningOut(SigningRow, kw_only=True):
    """The same with its places; `can_sign` says that it is the reader's turn, `is_late` that its last day is over."""

    signatories: list[SignatoryOut]
    can_sign: bool
    is_late: bool
