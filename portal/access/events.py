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
class LimitSet:
    """An approval limit by its columns: what of it was taken away holds already, what is asked for beyond that waits
    for a second person. `asked_by` is who offered it, also where somebody accepts an invitation later."""

    code = "membership.limit-set"
    person_id: UUID
    lowered: dict[str, str | None] | None
    asked: dict[str, str | None] | None
    asked_by: UUID


@dataclass(frozen=True)
class MemberSuspended:
    """Somebody stayed away for too long, and acts no more until an administrator takes them back."""

    code = "membership.suspended"
    person_id: UUID
    days: int


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


@dataclass(frozen=True)
class MemberInvited:
    """A mail with a link asks somebody to act for the organisation; also when it is sent once more."""

    code = "invitation.sent"
    invitation_id: UUID
    link_id: UUID
    roles: tuple[str, ...]


@dataclass(frozen=True)
class InvitationAccepted:
    code = "invitation.accepted"
    invitation_id: UUID
    person_id: UUID


@dataclass(frozen=True)
class InvitationWithdrawn:
    code = "invitation.withdrawn"
    invitation_id: UUID


@dataclass(frozen=True)
class ProviderSet:
    """The company's people may sign in by this identity provider, or no longer."""

    code = "identity-provider.set"
    provider_id: UUID
    active: bool


@dataclass(frozen=True)
class ProviderLinked:
    """The identity provider named this person for the first time; from here on by its own name for them."""

    code = "identity-provider.linked"
    person_id: UUID


@dataclass(frozen=True)
class SecurityPolicySet:
    """When a second factor is asked for, and how long sessions last."""

    code = "organisation.security-set"
    second_factor: str


@dataclass(frozen=True)
class SeeAsBegun:
    """Somebody looks at the portal as this person does, who is told."""

    code = "see-as.begun"
    looking_id: UUID
    person_id: UUID
    reason: str


@dataclass(frozen=True)
class SeeAsEnded:
    code = "see-as.ended"
    looking_id: UUID
    person_id: UUID


@dataclass(frozen=True)
class LegalTextPublished:
    """An edition that people are asked to accept when they sign in next."""

    code = "legal-text.published"
    text_id: UUID
    kind: str
    edition: int


@dataclass(frozen=True)
class LegalTextAccepted:
    code = "legal-text.accepted"
    text_id: UUID
    kind: str
    edition: int
