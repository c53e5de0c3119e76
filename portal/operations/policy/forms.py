"""What is told of the policy."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from portal.platform.i18n import Message


class RuleOut(msgspec.Struct):
    """One line of `policies/roles.csv`. The action `*` is every one; `conditions` must all hold on the record."""

    line: int
    role: str
    organisation: str
    object: str
    actions: list[str]
    effect: str
    conditions: list[str]


class LoadOut(msgspec.Struct):
    """A policy that came to hold: the SHA-256 of its files, the release that brought it, and what it changed.

    `genuine` is false where no process of the portal noted it, but somebody who writes to the database. `position` is
    where the sealed log tells of it; `doubt` is blank, or `load-changed` where the log says something else of it, or
    `load-untold` where it says nothing.
    """

    at: datetime
    digest: str
    release: str
    added: list[str]
    removed: list[str]
    genuine: bool = True
    position: int | None = None
    doubt: str = ""


class LoadGoneOut(msgspec.Struct):
    """A policy that came to hold `at` that moment, as an entry of the log says, and whose load somebody took away."""

    load_id: UUID
    at: datetime
    entry_id: UUID


class PolicyOut(msgspec.Struct):
    digest: str
    rules: list[RuleOut]
    loads: list[LoadOut]
    gone: list[LoadGoneOut]


class FailedOut(msgspec.Struct):
    condition: str
    why: str


class RulingOut(RuleOut):
    """A rule that names the permission, as it stands to one person: `applies` to their roles and organisation.

    `noted` says which parts of their scope leave the record in, because it names none of them.
    """

    applies: bool
    failed: list[FailedOut]
    noted: list[str]


class ExplanationOut(msgspec.Struct):
    """Why somebody may or may not. `conditions` are asked of each record, where none was named; `records` are those
    that were judged; `duties` says what the person did on the same transaction that excludes this."""

    permission: str
    person_id: UUID
    allowed: bool
    conditions: list[str]
    records: list[str]
    duties: list[str]
    rules: list[RulingOut]


class Permitted(NamedTuple):
    """A row of the matrix: a permission in words, and for each role the conditions, or None for no."""

    permission: str
    title: Message | str
    by_role: dict[str, frozenset[str] | None]


class RoleConflictOut(msgspec.Struct):
    """Two permissions of one person that exclude each other on one transaction, and the roles that give them."""

    person_id: UUID
    name: str
    permissions: list[str]
    roles: list[str]
    why: str


class SharedTraitOut(msgspec.Struct):
    """A supplier with something in common with the company's people or with another supplier: the `domain` of their
    e-mail addresses, a `phone` number, a bank `account` (masked, or only called so for who may not see any)."""

    supplier_id: UUID
    supplier_name: str
    kind: str
    trait: str
    people: list[str]


class ConflictsOut(msgspec.Struct):
    people: list[RoleConflictOut]
    suppliers: list[SharedTraitOut]
