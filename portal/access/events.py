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
class SignInRefused:
    """Somebody who is known was not let in: the password was wrong, or there were too many attempts."""

    code = "session.refused"
    personal = frozenset({"address"})
    person_id: UUID
    address: str
    reason: str


@dataclass(frozen=True)
class SignInsRefused:
    """So many more refused attempts within a minute than are noted one by one."""

    code = "session.refused-often"
    person_id: UUID
    refusals: int


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
class RolesChanged:
    """A member holds these roles from here on, and no others."""

    code = "membership.changed"
    person_id: UUID
    roles: tuple[str, ...]


@dataclass(frozen=True)
class MemberRemoved:
    """A person does not act for the organisation any more."""

    code = "membership.removed"
    person_id: UUID


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
