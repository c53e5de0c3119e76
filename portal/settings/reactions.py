"""Approval limits and identity providers: what one takes away holds at once, what they give waits for a second
person."""

from typing import Any

from portal.access.commands import drop_proposed_secret, take_proposed_secret
from portal.access.events import LimitSet, ProviderAsked, ProviderTurnedOff
from portal.platform.wiring import Reaction
from portal.platform.work import Change
from portal.settings import commands
from portal.settings.events import SettingApproved, SettingDeclined, SettingWithdrawn
from portal.settings.tables import IdentityProvider, Membership

KIND, PROVIDER = "approval-limit", "identity-provider"


async def _set(change: Change, event: LimitSet) -> None:
    nothing = {"limit_currency": None, "limit_gross": None, "limit_cumulative": None}
    of = {"id": None, "organisation_id": change.actor.organisation_id, "person_id": event.person_id}
    membership = Membership.of(of | nothing)
    lowered = await commands.lower(change, KIND, membership, event.lowered) if event.lowered else None
    if event.asked:
        await commands.propose_within(change, KIND, membership, event.asked, by=event.asked_by, after=lowered)


async def _provider_asked(change: Change, event: ProviderAsked) -> None:
    found = await change.rows(IdentityProvider, "id = $1", event.provider_id)
    row = found[0] if found else IdentityProvider.of(_UNKNOWN | {"id": event.provider_id, **_owner(change)})
    await commands.propose_within(change, PROVIDER, row, event.wanted, setting_id=event.setting_id)


async def _provider_off(change: Change, event: ProviderTurnedOff) -> None:
    row = IdentityProvider.of({"id": event.provider_id, **_owner(change)} | event.wanted)
    await commands.lower(change, PROVIDER, row, event.wanted)


async def _approved(change: Change, event: SettingApproved) -> None:
    if event.kind == PROVIDER:
        await take_proposed_secret(change, event.setting_id)


async def _left(change: Change, event: SettingDeclined | SettingWithdrawn) -> None:
    if event.kind == PROVIDER:
        drop_proposed_secret(change, event.setting_id)


def _owner(change: Change) -> dict[str, Any]:
    return {"organisation_id": change.actor.organisation_id}


_UNKNOWN = {"issuer": "", "client_id": "", "domain": "", "active": False}
REACTIONS = {
    LimitSet: Reaction(now=[_set]),
    ProviderAsked: Reaction(now=[_provider_asked]),
    ProviderTurnedOff: Reaction(now=[_provider_off]),
    SettingApproved: Reaction(now=[_approved]),
    SettingDeclined: Reaction(now=[_left]),
    SettingWithdrawn: Reaction(now=[_left]),
}
