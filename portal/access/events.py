"""What happens to people and their sessions."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class SessionOpened:
    """Somebody signed in, or switched to this organisation."""

    code = "session.opened"
    personal = frozenset({"address"})
    person_id: UUID
    address: str


@dataclass(frozen=True)
class SessionClosed:
    code = "session.closed"
    person_id: UUID


@dataclass(frozen=True)
class ProfileChanged:
    """A person changed their own name, language or time zone."""

    code = "person.profile-changed"
    person_id: UUID


@dataclass(frozen=True)
class OrganisationFounded:
    code = "organisation.founded"
    organisation_id: UUID


@dataclass(frozen=True)
class MemberAdded:
    """A person received roles in an organisation."""

    code = "membership.added"
    person_id: UUID
    roles: tuple[str, ...]


@dataclass(frozen=True)
class ApiKeyCreated:
    """A key for programs that act as this person, within the scopes named."""

    code = "api-key.created"
    person_id: UUID
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class PasswordSet:
    code = "person.password-set"
    person_id: UUID
