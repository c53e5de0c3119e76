"""Attached files as programs name and read them."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

import msgspec

from portal.evidence.rules import LARGEST
from portal.platform.fields import Line

Kind = Literal["purchase-order", "despatch-advice", "goods-receipt", "service-entry", "invoice", "credit-note"]


class NewFile(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A file that will be sent in parts: of which record, its name, its size in bytes, and who is to see it."""

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "kind": "goods-receipt",
        "record_id": "0197f4f2-6c1d-7cc3-9d0a-3f5f0f6c2f11",
        "name": "pallet.jpg",
        "size": 2_400_000,
    }
    kind: Kind
    record_id: UUID
    name: Line
    size: Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]
    internal: bool = False
    note: Line | None = None


class FileOut(msgspec.Struct):
    """An attached file; it can be read at `href` once it is clean, or not scanned where no scanner is set. `own`: your
    organisation attached it; `internal`: it alone sees it; `shared`: the other side sees it too."""

    id: UUID
    kind: str
    record_id: UUID
    record_number: str
    name: str
    note: str
    size: int
    media_type: str
    state: str
    internal: bool
    shared: bool
    own: bool
    sha256: str | None
    created_at: datetime
    checked_at: datetime | None
    href: str | None = None
