"""Events that people are told of. Capabilities above are not known here: the composition root names their events."""

import dataclasses
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from portal.access.events import MemberInvited, PasswordSet, ProviderUnlinked, ResetAsked, SecondFactorRemoved
from portal.messaging.commands import NOTIFY, WARN
from portal.messaging.links import SEND_LINK
from portal.messaging.rules import NOTICES
from portal.platform.wiring import Job, Reaction


def notices(*modules: ModuleType) -> dict[type, Reaction]:
    """The reactions to the events of these modules that have a notice."""
    events = [each for module in modules for each in vars(module).values() if getattr(each, "code", None) in NOTICES]
    return {event: Reaction(later=[_tell]) for event in events}


def _tell(change: Any, event: Any) -> Iterable[Job]:
    """An event's first field is the id of the record it is about."""
    about = getattr(event, dataclasses.fields(event)[0].name)
    yield Job(NOTIFY, change.actor.organisation_id, {"event": event.code, "about": about})


def _send_link(change: Any, event: ResetAsked | MemberInvited) -> Iterable[Job]:
    yield Job(SEND_LINK, change.actor.organisation_id, {"link_id": event.link_id})


LINKS = {event: Reaction(later=[_send_link]) for event in (ResetAsked, MemberInvited)}


def _warn(change: Any, event: PasswordSet | SecondFactorRemoved | ProviderUnlinked) -> Iterable[Job]:
    if not (isinstance(event, PasswordSet) and event.first):
        yield Job(WARN, change.actor.organisation_id, {"event": event.code, "person_id": event.person_id})


OWN_ACCOUNT = {event: Reaction(later=[_warn]) for event in (PasswordSet, SecondFactorRemoved, ProviderUnlinked)}
