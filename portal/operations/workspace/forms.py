"""What the workspace is told and tells."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal
from uuid import UUID

import msgspec

from portal.platform.actor import ApprovalLimit, Scope
from portal.platform.fields import Amount, Count, CurrencyCode, Day, Email, Language, Line, Text


class MemberThenOut(msgspec.Struct):
    """A membership as it was; `known` is false where the log does not say all of it."""

    membership_id: UUID
    person_id: UUID
    name: str
    roles: list[str]
    scope: Scope
    limit: ApprovalLimit | None
    active: bool
    known: bool


class PolicyThenOut(msgspec.Struct):
    """The rules that held; `known` is false before the first load that was noted: then they are today's. `missed` is
    since when others held, as the sealed log says, that somebody took away or altered in the database."""

    since: datetime | None
    digest: str
    release: str
    known: bool
    rules: list[str]
    missed: datetime | None


class SeerOut(msgspec.Struct):
    """Somebody who could see the record, by which rules; `perhaps` where a condition asks what is not known."""

    person_id: UUID
    name: str
    roles: list[str]
    rules: list[str]
    prices: bool
    internal_notes: bool
    bank_accounts: bool
    perhaps: bool


class ReadersOut(msgspec.Struct):
    """Who could see a record at a moment; the people of `shared_with` are that organisation's own to name.
    `policy_missed` is since when another policy held, as the sealed log says, that somebody took away or altered."""

    record_id: UUID
    at: datetime
    permission: str
    policy: str
    policy_known: bool
    people: list[SeerOut]
    shared_with: str
    policy_missed: datetime | None


class EngagementForm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An auditor who may read until the end of a day, and the auditor of the organisation who owns the audit."""

    title: Line
    purpose: Text | None = None
    email: Email
    full_name: Line | None = None
    language: Language | None = None
    owner_id: UUID
    until: Day


class EngagementOut(msgspec.Struct):
    """An engagement. `over` is true from its end on, noted or not; `refused` while nobody can come in by
    its invitation: the address may not accept it, or it was withdrawn; `reads` is null for whom they are kept from."""

    id: UUID
    version: int
    number: str
    title: str
    purpose: str
    email: str
    auditor: str
    owner: str
    state: str
    over: bool
    refused: bool
    opened_at: datetime
    until: datetime
    closed_at: datetime | None
    close_reason: str
    auditor_id: UUID | None
    owned_by: UUID
    opened_by: UUID
    papers: int | None
    reads: int | None


class PopulationForm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which records a sample is drawn from: of one kind, by their date, currency, partner and amount."""

    kind: Literal["orders", "invoices", "receipts", "payments"]
    from_day: Day | None = None
    until_day: Day | None = None
    currency: CurrencyCode | None = None
    party_id: UUID | None = None
    at_least: Amount | None = None


class SampleForm(PopulationForm, kw_only=True, forbid_unknown_fields=True):
    """How it is drawn. `random` takes `size` records; `monetary` takes money units at a fixed interval, which is given,
    or follows from the `tolerable` and `expected` misstatement and the risk. Without a seed one is made.
    """

    engagement_id: UUID
    title: Line
    method: Literal["random", "monetary"] = "random"
    size: Count | None = None
    interval: Amount | None = None
    tolerable: Amount | None = None
    expected: Amount | None = None
    risk: Literal["1", "5", "10", "15", "20", "25", "30", "37", "50"] = "5"
    seed: Line | None = None

    EXAMPLE: ClassVar = {
        "engagement_id": "019f2b6e-0000-7000-8000-000000000000",
        "title": "Invoices of the year",
        "kind": "invoices",
        "currency": "EUR",
        "method": "monetary",
        "tolerable": "50000.00",
        "risk": "5",
        "seed": "20261122",
    }


class PaperForm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A finding with its weight, or a note; `reference` is the number of what it is about."""

    engagement_id: UUID
    kind: Literal["finding", "note"]
    title: Line
    body: Text
    reference: Line | None = None
    severity: Literal["low", "medium", "high"] | None = None


class ResultForm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What was found of one item: it passes, or it should have been `audited`."""

    outcome: Literal["pass", "exception"]
    audited: Amount | None = None
    note: Text | None = None


class SignForm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`digest` is that of what was read before signing: whoever signs stands for that."""

    digest: Line
    note: Text | None = None


class EvidenceForm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What the evidence is to be about: a record, what somebody did, a period, an engagement's workpapers. Whoever
    names none of these says `whole_log`: all that the company's log holds leaves then, as one file."""

    engagement_id: UUID | None = None
    actor: Line | None = None
    object: Line | None = None
    event: Line | None = None
    from_day: Day | None = None
    until_day: Day | None = None
    whole_log: bool = False


class SumOut(msgspec.Struct):
    """All amounts of one currency; `below` is the sum of those that are not above zero, which money units leave out."""

    currency: str
    count: int
    total: Decimal
    below: Decimal


class PopulationOut(msgspec.Struct):
    """Control totals of a population: what is reckoned again before it is trusted to be complete."""

    kind: str
    as_of: datetime
    count: int
    sums: list[SumOut]
    sha256: str


class ItemOut(msgspec.Struct):
    """An item of a sample with what was found of it last; `misstated` is the booked amount less the right one."""

    id: UUID
    position: int
    record_id: UUID
    kind: str
    number: str
    party: str
    dated: date
    amount: Decimal | None
    currency: str
    hits: int
    certain: bool
    outcome: str = ""
    audited: Decimal | None = None
    misstated: Decimal | None = None
    note: str = ""


class ProjectionOut(msgspec.Struct):
    """What the misstatement of the sample says of the population, in its currency."""

    known: Decimal
    projected: Decimal
    basic_precision: Decimal
    allowance: Decimal
    upper_limit: Decimal
    understated: Decimal
    tolerable: Decimal | None
    acceptable: bool | None


class PaperOut(msgspec.Struct):
    """A workpaper; a sample comes with its items, and a monetary one with its projection once every item is judged."""

    id: UUID
    number: str
    engagement_id: UUID
    kind: str
    title: str
    body: str
    reference: str
    severity: str
    content: dict[str, Any]
    digest: str
    whole_digest: str
    created_by: str
    created_by_id: UUID
    created_at: datetime
    signed_by: str
    signed_at: datetime | None
    sign_note: str
    items: list[ItemOut]
    projection: ProjectionOut | None


class EvidenceOut(msgspec.Struct):
    """Evidence that was asked for, how far it is, and its file's hash once it is ready."""

    id: UUID
    number: str
    version: int
    state: str
    engagement_id: UUID | None
    query: dict[str, Any]
    entries: int
    sha256: str | None
    size: int | None
    problem: str
    asked_by: str
    asked_at: datetime
    ready_at: datetime | None
    done: Decimal
    what: str
