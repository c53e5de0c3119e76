"""Setting a company's own sign-in: the identity provider that its people are believed from."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from portal.access import provider as speaking
from portal.access.events import ProviderAsked, ProviderSet, ProviderTurnedOff
from portal.access.forms import ProviderForm
from portal.access.guards import require, require_proof
from portal.access.tables import IdentityProvider, Organisation
from portal.platform import vault
from portal.platform.actor import Actor
from portal.platform.constraints import DOMAIN_TAKEN
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.nobodys import PUBLIC
from portal.platform.refusals import Conflict, Invalid
from portal.platform.work import Change, changing


class Provided(NamedTuple):
    """The provider as it is, what was wanted of it, and the proposal that waits, where it does not hold at once."""

    row: IdentityProvider
    wanted: dict[str, Any]
    setting_id: UUID | None


async def set_provider(actor: Actor, form: ProviderForm) -> Provided:
    """Set the identity provider, after it answered; whoever it names is let in, so a second person approves it.

    An administrator proves a second factor for it, and turns it off alone. Its domain is that of the administrator's
    own address: nobody takes the people of another company. A secret that is left out stays as it is; the secret of
    another issuer or client waits with the proposal, for it is no business of the provider that holds.
    """
    require(actor, "security:configure")
    if actor.person_id is not None:
        require_proof(actor)
    _check_domain(actor, form.domain.lower())
    try:
        await speaking.discover(form.issuer)
    except speaking.Unreachable as refusal:
        raise Invalid.field("issuer", refusal.message) from refusal
    async with changing(actor, Organisation, actor.organisation_id) as (change, organisation):
        held = await change.rows(IdentityProvider, "organisation_id = $1 for no key update", organisation.id)
        row = held[0] if held else _begun(organisation, change.now)
        if not form.client_secret and not _same_client(row, form):
            raise Invalid.field("client_secret", _("Enter the secret that the provider gave you."))
        if await change.value(_TAKEN, form.domain.lower(), organisation.id):
            raise Conflict(DOMAIN_TAKEN)
        if not held:
            change.add(row)
        wanted = {"issuer": form.issuer, "client_id": form.client_id, "domain": form.domain.lower()}
        wanted["active"] = form.active
        return Provided(row, wanted, _set(change, row, wanted, form.client_secret, fresh=not held))


_TAKEN = "select true from portal.provider_of($1) where organisation_id <> $2"


def _check_domain(actor: Actor, domain: str) -> None:
    own = actor.email.rpartition("@")[2]
    if actor.person_id is not None and domain != own:
        raise Invalid.field("domain", _("Enter the domain of your own address, {domain}.", domain=own))
    if domain in PUBLIC:
        raise Invalid.field("domain", _("Anybody gets an address of {domain}: it names no company.", domain=domain))


def _same_client(row: IdentityProvider, form: ProviderForm) -> bool:
    """Whether the form means the very client that the provider that holds gave a secret to."""
    return (row.issuer, row.client_id) == (form.issuer, form.client_id)


def _begun(organisation: Organisation, now: datetime) -> IdentityProvider:
    """It has no name and lets nobody in before it holds."""
    told = {"id": new_id(), "organisation_id": organisation.id, "created_at": now, "active": False}
    return IdentityProvider(**told, issuer="", client_id="", domain="")


def _set(
    change: Change, row: IdentityProvider, wanted: dict[str, Any], secret: str | None, *, fresh: bool
) -> UUID | None:
    """The operator sets it up alone, one person turns it off, and a new secret goes to the provider that holds.

    All else waits for a second person, with its secret. Gives the proposal's id.
    """
    before = {name: getattr(row, name) for name in wanted}
    own = (before["issuer"], before["client_id"]) == (wanted["issuer"], wanted["client_id"])
    if change.actor.person_id is None or before == wanted:
        for name, value in wanted.items():
            setattr(row, name, value)
    elif not wanted["active"] and row.issuer:
        row.active, secret = False, secret if own else None
        change.record(ProviderTurnedOff(row.id, before | {"active": False}), row)
    else:
        return _ask(change, row, wanted, secret)
    if secret:
        _keep(change, row.id, secret)
    provider_applied(change, row, {})
    if not fresh:
        change.write(row)
    return None


def _ask(change: Change, row: IdentityProvider, wanted: dict[str, Any], secret: str | None) -> UUID:
    setting_id = new_id()
    change.record(ProviderAsked(row.id, setting_id, wanted), row)
    if secret:
        sealed = vault.seal_secret(f"oidc-proposal {setting_id}", secret)
        change.afterwards(_WAITS, setting_id, row.id, row.organisation_id, sealed)
    return setting_id


def _keep(change: Change, provider_id: UUID, secret: str) -> None:
    sealed = vault.seal_secret(f"oidc {provider_id}", secret)
    change.afterwards(_KEEP, provider_id, change.actor.organisation_id, sealed)


def provider_applied(change: Change, row: IdentityProvider, _before: Any) -> None:
    """From here on it holds."""
    change.record(ProviderSet(row.id, row.active), row)


async def take_proposed_secret(change: Change, setting_id: UUID) -> None:
    """The secret of a proposal that was approved is the provider's from here on; those of others that wait are gone,
    for what was proposed against a former value is not approved any more."""
    found = await change.one(_WAITING, setting_id)
    if found is not None:
        _keep(change, found["provider_id"], vault.open_secret(f"oidc-proposal {setting_id}", found["sealed"]))
    change.sql(_ALL_GONE, setting_id)


def drop_proposed_secret(change: Change, setting_id: UUID) -> None:
    """Of a proposal that was declined, withdrawn or replaced nothing secret stays."""
    change.sql("delete from proposed_provider_secret where setting_id = $1", setting_id)


_KEEP = """
insert into identity_provider_secret (provider_id, organisation_id, sealed) values ($1, $2, $3)
on conflict (provider_id) do update set sealed = excluded.sealed
"""
_WAITING = "select provider_id, sealed from proposed_provider_secret where setting_id = $1"
_WAITS = """
insert into proposed_provider_secret (setting_id, provider_id, organisation_id, sealed) values ($1, $2, $3, $4)
"""
_ALL_GONE = """
delete from proposed_provider_secret where provider_id = (select subject_id from setting_version where id = $1)
"""
