"""A company's own sign-in: its identity provider is believed about its own people, and for that company alone."""

import hmac
import secrets
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from portal.access import provider as speaking
from portal.access.commands.ceremonies import answered, ask
from portal.access.commands.renewal import Opened
from portal.access.commands.sessions import open_session
from portal.access.events import ProviderAsked, ProviderLinked, ProviderSet, ProviderTurnedOff
from portal.access.forms import ProviderForm
from portal.access.guards import require, require_proof
from portal.access.tables import IdentityProvider, Organisation, Person
from portal.platform import vault
from portal.platform.actor import Actor
from portal.platform.database import gate
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.nobodys import PUBLIC
from portal.platform.refusals import Conflict, Invalid, NotSignedIn
from portal.platform.settings import settings
from portal.platform.work import Change, changing, viewing

BACK = "/sign-in/company/back"
OIDC = "oidc"
FAILED = _("Your company’s sign-in did not lead here. Try again, or ask your administrator.")


class Begun(NamedTuple):
    """Where the person signs in, and what their browser brings back besides."""

    address: str
    host: str
    binding: str


async def set_provider(actor: Actor, form: ProviderForm) -> IdentityProvider:
    """Set the identity provider, after it answered; whoever it names is let in, so a second person approves it.

    An administrator proves a second factor for it, and turns it off alone. Its domain is that of the administrator's
    own address: nobody takes the people of another company. A secret that is left out stays as it is.
    """
    require(actor, "security:configure")
    if actor.person_id is not None:
        require_proof(actor)
    domain = form.domain.lower()
    own = actor.email.rpartition("@")[2]
    if actor.person_id is not None and domain != own:
        raise Invalid.field("domain", _("Enter the domain of your own address, {domain}.", domain=own))
    if domain in PUBLIC:
        raise Invalid.field("domain", _("Anybody gets an address of {domain}: it names no company.", domain=domain))
    try:
        await speaking.discover(form.issuer)
    except speaking.Unreachable as refusal:
        raise Invalid.field("issuer", refusal.message) from refusal
    async with changing(actor, Organisation, actor.organisation_id) as (change, organisation):
        held = await change.rows(IdentityProvider, "organisation_id = $1 for no key update", organisation.id)
        if not held and not form.client_secret:
            raise Invalid.field("client_secret", _("Enter the secret that the provider gave you."))
        if await change.value(
            "select true from portal.provider_of($1) where organisation_id <> $2", domain, organisation.id
        ):
            raise Conflict(_("Another company signs in with this domain."))
        wanted = {"issuer": form.issuer, "client_id": form.client_id, "domain": domain, "active": form.active}
        row = held[0] if held else change.add(_begun(organisation, change.now))
        if form.client_secret:
            sealed = vault.seal_secret(f"oidc {row.id}", form.client_secret)
            change.afterwards(_KEEP, row.id, organisation.id, sealed)
        _set(change, row, wanted, fresh=not held)
    return row


def _begun(organisation: Organisation, now: datetime) -> IdentityProvider:
    """It has no name and lets nobody in before it holds."""
    made = new_id()
    return IdentityProvider(id=made, organisation_id=organisation.id, created_at=now, active=False, domain=str(made))


def _set(change: Change, row: IdentityProvider, wanted: dict[str, Any], *, fresh: bool) -> None:
    """The operator sets it up alone, one person turns it off, and a new secret goes to the provider that holds.

    All else waits for a second person.
    """
    same = all(getattr(row, name) == value for name, value in wanted.items())
    if change.actor.person_id is None or same:
        for name, value in wanted.items():
            setattr(row, name, value)
    elif not wanted["active"] and row.issuer:
        row.active = False
        change.record(ProviderTurnedOff(row.id, {name: getattr(row, name) for name in wanted}), row)
    else:
        change.record(ProviderAsked(row.id, wanted), row)
        return
    provider_applied(change, row, {})
    if not fresh:
        change.write(row)


def provider_applied(change: Change, row: IdentityProvider, _before: Any) -> None:
    """From here on it holds."""
    change.record(ProviderSet(row.id, row.active), row)


_KEEP = """
insert into identity_provider_secret (provider_id, organisation_id, sealed) values ($1, $2, $3)
on conflict (provider_id) do update set sealed = excluded.sealed
"""


async def begin_at_company(email: str, target: str) -> Begun:
    """Ask the provider of this address's company who it is. Whether there is such an account, nobody learns."""
    async with gate() as connection:
        found: Any = await connection.fetchrow("select * from portal.provider_of($1)", email.rpartition("@")[2])
    if found is None:
        raise Invalid.field("email", _("There is no company sign-in for this address. Use your password."))
    state, nonce, verifier, binding = (secrets.token_urlsafe(32) for _number in range(4))
    told = {"nonce": nonce, "verifier": verifier, "binding": binding, "email": email, "next": target}
    provider = await speaking.discover(found["issuer"])
    await ask(state.encode(), OIDC, None, domain=email.rpartition("@")[2], **told)
    client = speaking.Client(found["client_id"], "", settings().url + BACK)
    address = speaking.question(provider, client, state=state, nonce=nonce, verifier=verifier, hint=email)
    return Begun(address, urlsplit(address).hostname or "", binding)


async def end_at_company(state: str, code: str, binding: str, *, address: str, agent: str = "") -> tuple[Opened, str]:
    """Open a session for whom the provider names, in its own company; and where they wanted to be."""
    asked = await answered(state.encode(), OIDC)
    if asked is None or not code or not hmac.compare_digest(str(asked[1]["binding"]).encode(), binding.encode()):
        raise NotSignedIn(FAILED)
    told = asked[1]
    async with gate() as connection:
        held: Any = await connection.fetchrow("select * from portal.provider_of($1)", told["domain"])
    if held is None:
        raise NotSignedIn(FAILED)
    system = Actor.system(held["organisation_id"])
    client = speaking.Client(held["client_id"], await _secret(system, held["id"]), settings().url + BACK)
    try:
        provider = await speaking.discover(held["issuer"])
        said = await speaking.answer(provider, client, code, nonce=told["nonce"], verifier=told["verifier"])
    except speaking.Unreachable as refusal:
        raise NotSignedIn(FAILED) from refusal
    person_id = await _person(system, held["id"], told["domain"], said)
    proved = said.strong and not await _has_own_factor(system, person_id)
    opened = await open_session(person_id, held["organisation_id"], address, agent, how=OIDC, proved=proved)
    return opened, str(told["next"])


async def _has_own_factor(system: Actor, person_id: UUID) -> bool:
    """A factor that somebody set up here is asked for here, whatever their company's provider asked."""
    async with viewing(system) as view:
        return await view.value("select portal.has_factor($1)", person_id)


async def _secret(system: Actor, provider_id: UUID) -> str:
    async with viewing(system) as view:
        sealed = await view.value("select sealed from identity_provider_secret where provider_id = $1", provider_id)
    return vault.open_secret(f"oidc {provider_id}", sealed)


async def _person(system: Actor, provider_id: UUID, domain: str, said: speaking.Said) -> UUID:
    """The member whom the provider knows by this name, or, the first time, by an address of its domain."""
    async with changing(system) as change:
        known = await change.value(_KNOWN, provider_id, said.subject, system.organisation_id, domain)
        if known is not None:
            return known
        found = await change.value(_MEMBER, system.organisation_id, said.email, provider_id)
        if found is None or said.email.rpartition("@")[2] != domain:
            raise NotSignedIn(
                _("Your company’s sign-in knows you, but nobody gave you an account here. Ask your administrator.")
            )
        change.sql(
            "insert into provider_account (provider_id, subject, person_id, organisation_id) values ($1, $2, $3, $4)",
            *(provider_id, said.subject, found, system.organisation_id),
        )
        change.record(ProviderLinked(found), await change.row(Person, found))
    return found


# Whoever moved to an address elsewhere is no longer the provider's to name.
_KNOWN = """
select a.person_id from provider_account a join person p on p.id = a.person_id and p.disabled_at is null
join membership m on m.person_id = p.id and m.active and m.organisation_id = $3
where a.provider_id = $1 and a.subject = $2 and split_part(lower(p.email), '@', 2) = $4
"""
_MEMBER = """
select m.person_id from membership m join person p on p.id = m.person_id
where m.organisation_id = $1 and p.email = $2 and m.active and p.disabled_at is null
  and not exists (select from provider_account a where a.provider_id = $3 and a.person_id = p.id)
"""
