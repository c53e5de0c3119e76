"""What happens to a company: who acts for it, how its people sign in, what they accept."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID


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
class InvitationNotAccepted:
    """Whoever was asked wanted to accept, and may not with this address. Why is not said: it would tell of others."""

    code = "invitation.not-accepted"
    invitation_id: UUID


@dataclass(frozen=True)
class InvitationWithdrawn:
    code = "invitation.withdrawn"
    invitation_id: UUID


@dataclass(frozen=True)
class ProviderAsked:
    """Somebody wants the company's people to sign in by this; a second person decides on it."""

    code = "identity-provider.asked"
    provider_id: UUID
    setting_id: UUID
    wanted: dict[str, Any]


@dataclass(frozen=True)
class ProviderTurnedOff:
    """One person did, at once; nothing that waited for a second one comes over it."""

    code = "identity-provider.turned-off"
    provider_id: UUID
    wanted: dict[str, Any]


@dataclass(frozen=True)
class ProviderSet:
    """The company's people may sign in by this identity provider, or no longer."""

    code = "identity-provider.set"
    provider_id: UUID
    active: bool


@dataclass(frozen=True)
class ProviderConfirmedNothing:
    """The identity provider named somebody without saying that the address is theirs: nobody was let in."""

    code = "identity-provider.unconfirmed"
    provider_id: UUID


@dataclass(frozen=True)
class ProviderLinked:
    """The identity provider named this person to this client id for the first time; from here on by its own name."""

    code = "identity-provider.linked"
    person_id: UUID


@dataclass(frozen=True)
class ProviderUnlinked:
    """By which name the identity provider knew this person is forgotten: it names them anew, by their address."""

    code = "identity-provider.unlinked"
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
