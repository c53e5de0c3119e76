"""Who acts: a person in one of their organisations, or an organisation's own system actor.

An `Actor` is made once per request from the session or API key and never from a request body. It carries everything
that decides what may be done, so that a decision needs no further question to the database.
"""

from datetime import datetime
from decimal import Decimal
from typing import Final, Self
from uuid import UUID

import msgspec

from portal.platform.held import Held
from portal.platform.refusals import NotSignedIn

# In whose log stands what happens to all organisations at once; no member reads it, and the check of the log does.
INSTALLATION: Final = UUID(int=0)


class IdempotencyKey(msgspec.Struct, frozen=True):
    """The client's promise that two requests with this key are one; `digest` is of method, path and body."""

    key: str
    digest: bytes


class Request(msgspec.Struct, frozen=True):
    """What one request brings along: its id for the logs, and the client's conditions on the change.

    `held` keeps the transaction of its command open until it is answered.
    """

    id: str = ""
    if_match: int | None = None
    idempotency: IdempotencyKey | None = None
    held: Held | None = None
    address: str = ""
    via: str = "session"


class ApprovalLimit(msgspec.Struct, frozen=True):
    """Up to how much one person may approve: one document's gross, and per supplier within 30 days; None is no end."""

    currency: str
    gross: Decimal | None
    cumulative: Decimal | None


class Scope(msgspec.Struct, frozen=True):
    """What part of the organisation a membership reaches; an empty tuple means all of it."""

    purchasing_groups: tuple[str, ...] = ()
    sites: tuple[UUID, ...] = ()
    cost_centres: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


class Seer(msgspec.Struct, frozen=True):
    """Who looks at the portal as somebody else, until when; `looking` is the record of it."""

    person_id: UUID
    name: str
    looking: UUID
    until: datetime


class Emergency(msgspec.Struct, frozen=True):
    """The record by which somebody holds more roles for a time, and its end."""

    id: UUID
    until: datetime


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """A person (or `person_id` None: the organisation's system actor) acting for one organisation.

    `proved_at` is when a second factor was proved last in this session, `pending` what somebody who signs in has still
    to do before the portal lets them in: `code`, `set-up`, `terms`. Until then they hold no role of theirs.
    `emergency` says that some of the roles were granted for hours, `seen_by` that somebody else only looks as this
    person.
    `rates` says for who approves up to a limit what one unit of each currency costs today in the organisation's own.
    """

    organisation_id: UUID
    organisation_kind: str
    organisation_name: str = ""
    person_id: UUID | None = None
    name: str = ""
    email: str = ""
    roles: frozenset[str] = frozenset()
    scope: Scope = Scope()
    limit: ApprovalLimit | None = None
    rates: dict[str, Decimal] = {}
    language: str = "en"
    time_zone: str = "UTC"
    request: Request = Request()
    session: bytes | None = None
    proved_at: datetime | None = None
    has_factor: bool = False
    pending: tuple[str, ...] = ()
    emergency: Emergency | None = None
    seen_by: Seer | None = None
    reads_only: bool = False

    @property
    def person(self) -> UUID:
        """The person's id, where only a person may act."""
        if self.person_id is None:
            raise NotSignedIn()
        return self.person_id

    @property
    def answerable(self) -> UUID | None:
        """Who answers for what is done here, and whose own rows are read: never somebody who is only seen."""
        return self.person_id if self.seen_by is None else self.seen_by.person_id

    @property
    def is_buyer(self) -> bool:
        return self.organisation_kind in ("buyer", "both")

    @property
    def is_supplier(self) -> bool:
        return self.organisation_kind in ("supplier", "both")

    @classmethod
    def system(cls, organisation_id: UUID, *, cause: str = "") -> Self:
        """The organisation's system actor, for jobs and reactions; `cause` is the request that led here."""
        return cls(
            organisation_id=organisation_id,
            organisation_kind="both",
            name="system",
            roles=frozenset({"system"}),
            request=Request(id=cause, via="system"),
        )
