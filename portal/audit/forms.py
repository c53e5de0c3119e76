"""What auditors see of an entry."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from portal.platform.fields import Day, Text


class ActorOut(msgspec.Struct):
    """Who acted; a system actor has no id, a person who was erased has no name."""

    id: UUID | None
    name: str
    organisation: str


class RowChangeOut(msgspec.Struct):
    """One row before and after; `before` null is an insert, `after` null a deletion.

    `internal` names the fields that only the reader's own organisation reads.
    """

    table: str
    id: Any
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    internal: list[str]


class EntryOut(msgspec.Struct):
    """One entry of the log. `intact` says that its commitments still fit what it says, internal fields included.

    `emergency` is the record by which the actor held more roles then; `seen_as` is the colleague as whom they looked;
    `about` is the person whom the act concerns, such as whose roles it changed.
    """

    id: UUID
    at: datetime
    event: str
    actor: ActorOut
    subject_kind: str
    subject_id: UUID
    subject: str
    root_id: UUID | None
    request_id: str
    data: dict[str, Any]
    changes: list[RowChangeOut]
    intact: bool
    emergency: UUID | None = None
    seen_as: ActorOut | None = None
    about: ActorOut | None = None


class CheckpointOut(msgspec.Struct):
    """Where the log ended at a moment: how many entries, and the root of the Merkle tree over them (RFC 9162).

    `note` is what was signed, with its signature; `public_key` checks it.
    """

    origin: str
    size: int
    root: str
    at: datetime
    note: str
    public_key: str


class SideOut(msgspec.Struct):
    """What only the reader's own organisation reads of an entry, with the salt that the entry commits to it by."""

    owner_id: UUID
    salt: str
    body: str


class ProofOut(msgspec.Struct):
    """All that somebody needs to check without us that an entry is in the log.

    The leaf is SHA-256 over `portal.audit.leaf.v1`, a zero byte, the salt's length, the salt and the payload; the
    hashes lead from it to the checkpoint's root.
    """

    entry_id: UUID
    position: int
    payload: str
    salt: str
    leaf: str
    sides: list[SideOut]
    hashes: list[str]
    checkpoint: CheckpointOut


class ConsistencyOut(msgspec.Struct):
    """That the later log begins with the earlier one: nothing of it was changed or taken away (RFC 9162, 2.1.4).
    `handovers` are signed notes by which each key of the log vouches for the one before it."""

    earlier: CheckpointOut
    later: CheckpointOut
    hashes: list[str]
    handovers: list[str]


class HoldForm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is kept from being deleted: a record or person, all of a party, a period, or what fits all that is given."""

    object_id: UUID | None = None
    party_id: UUID | None = None
    from_day: Day | None = None
    until_day: Day | None = None
    reason: Text

    EXAMPLE: ClassVar = {"from_day": "2025-01-01", "until_day": "2025-12-31", "reason": "Dispute before the court"}


class ReleaseForm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Why it need not be kept any longer."""

    reason: Text


class HoldOut(msgspec.Struct):
    """A legal hold as it was placed, and how it ended."""

    id: UUID
    number: str
    version: int
    state: str
    object_id: UUID | None
    party_id: UUID | None
    from_day: date | None
    until_day: date | None
    reason: str
    placed_at: datetime
    released_at: datetime | None
    release_reason: str


class DisposedOut(msgspec.Struct):
    """One document that was destroyed: what it was, its hash, its date, and until when it had to be kept."""

    kind: str
    record_id: UUID
    number: str
    revision: int
    sha256: str
    dated: date
    kept_until: date


class DisposalOut(msgspec.Struct):
    """A certificate of disposal. `rules` is the hash of the retention table, `digest` that of the lines."""

    id: UUID
    number: str
    jurisdiction: str
    rules: str
    as_of: date
    items: int
    digest: str
    disposed_at: datetime
    lines: list[DisposedOut]
