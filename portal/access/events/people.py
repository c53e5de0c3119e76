"""What happens to people, their sessions, keys and factors."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class SessionOpened:
    """Somebody signed in, or switched to this organisation."""

    code = "session.opened"
    personal = frozenset({"address"})
    person_id: UUID
    address: str
    how: str = "password"


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


# What stands in the log under somebody's name without their having shown who they are: anybody brings about a refused
# sign-in, and with it an alert. Patterns of codes.
BY_ANYBODY = ("session.refused%", "alert.%")


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
class ApiKeyCreated:
    """A key for programs that act as this person, within the scopes named, or that only read."""

    code = "api-key.created"
    person_id: UUID
    scopes: tuple[str, ...]
    reads_only: bool = False


@dataclass(frozen=True)
class PasswordSet:
    """`first`: there was none before."""

    code = "person.password-set"
    person_id: UUID
    first: bool = False


@dataclass(frozen=True)
class ResetAsked:
    """Somebody asked for a link by which this person sets a new password."""

    code = "person.reset-asked"
    personal = frozenset({"address"})
    link_id: UUID
    person_id: UUID
    address: str


@dataclass(frozen=True)
class SecondFactorBegun:
    """A secret was made for an app; it counts when the app has shown a code."""

    code = "person.second-factor-begun"
    person_id: UUID
    kind: str


@dataclass(frozen=True)
class SecondFactorSetUp:
    """Codes of an app count from here on; the recovery codes that there were do not any more."""

    code = "person.second-factor-set-up"
    person_id: UUID
    kind: str


@dataclass(frozen=True)
class SecondFactorRemoved:
    code = "person.second-factor-removed"
    person_id: UUID
    kind: str


@dataclass(frozen=True)
class SecondFactorProved:
    """`how`: by an app, or by one of the recovery codes, which is used up."""

    code = "person.second-factor-proved"
    person_id: UUID
    how: str


@dataclass(frozen=True)
class RecoveryCodesMade:
    code = "person.recovery-codes-made"
    person_id: UUID


@dataclass(frozen=True)
class SessionsEnded:
    """All sessions of a person end: by themselves but for this one, by an administrator all of this company."""

    code = "session.all-ended"
    person_id: UUID


@dataclass(frozen=True)
class ApiKeyRevoked:
    code = "api-key.revoked"
    key_id: UUID
    name: str
