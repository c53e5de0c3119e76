"""What is asked of a batch, and what is told of one."""

from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

import msgspec

from portal.platform.fields import MonthCode

Kind = Literal["invoice", "credit-note", "statement"]


class BatchForm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """All documents of a kind and a month: what your side `received` or `sent`, with all partners or with one.

    `direction` says nothing new to who only buys or only sells. `with_xml` puts the UBL of each beside its PDF.
    """

    EXAMPLE: ClassVar[dict[str, Any]] = {"kind": "invoice", "month": "2026-10", "with_xml": True}
    kind: Kind
    month: MonthCode
    direction: Literal["sent", "received"] | None = None
    partner_id: UUID | None = None
    with_xml: bool = False


class BatchOut(msgspec.Struct):
    """A batch: `done` of its `documents` are there by now, `lacking` could not be made. Its file, of this `sha256` and
    so many bytes, is there while the `state` is ready."""

    id: UUID
    number: str
    version: int
    kind: Kind
    month: str
    direction: str
    partner_id: UUID | None
    partner_name: str
    with_xml: bool
    state: str
    documents: int
    done: int
    lacking: int
    sha256: str | None
    size: int | None
    problem: str
    asked_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None


class Part(msgspec.Struct):
    """One document of a batch, and why it could not be made, if it could not."""

    position: int
    record_id: UUID
    number: str
    partner: str
    dated: date
    sha256: str | None
    problem: str
