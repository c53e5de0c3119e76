"""Signing in by one's company: its identity provider is believed about its own people, and for that company alone.

A person is who the provider's issuer and its subject say together (OpenID Connect Core 1.0, 2 and 5.7): a subject of
one issuer names nobody at another.
"""

import hmac
import secrets
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from portal.access import provider as speaking
from portal.access.commands.ceremonies import answered, ask
from portal.access.commands.renewal import Opened
from portal.access.commands.sessions import open_session
from portal.access.events import ProviderConfirmedNothing, ProviderLinked, ProviderUnlinked
from portal.access.guards import require_proof
from portal.access.queries import forget_person
from portal.access.tables import IdentityProvider, Person
from portal.platform import vault
from portal.platform.actor import Actor
from portal.platform.gate import gate
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Invalid, NotFound, NotSignedIn
from portal.platform.settings import settings
from portal.platform.work import Change, changing, viewing
from portal.platform.work.apart import keep

BACK = "/sign-in/company/back"
OIDC = "oidc"
FAILED = _("Your company’s sign-in did not lead here. Try again, or ask your administrator.")

AWAY = _("Your company’s sign-in does not answer. Try again later, or sign in with your password.")


class Unconfirmed(NotSignedIn):
    """The provider does not say that the address is the person's (`email_verified`, OpenID Connect Core 1.0, 5.1)."""

    def __init__(self) -> None:
        super().__init__(_("Your company’s sign-in did not confirm your address. Tell your administrator."))


class Begun(NamedTuple):
    """Where the person signs in, and what their browser brings back besides."""

    address: str
    host: str
    state: str
    binding: str


async def begin_at_company(email: str, target: str) -> Begun:
    """Ask the provider of this address's company who it is. Whether there is such an account, nobody learns."""
    async with gate() as connection:
        found: Any = await connection.fetchrow("select * from portal.provider_of($1)", email.rpartition("@")[2])
    if found is None:
        raise Invalid.field("email", _("There is no company sign-in for this address. Use your password."))
    state, nonce, verifier, binding = (secrets.token_urlsafe(32) for _number in range(4))
    told = {"nonce": nonce, "verifier": verifier, "binding": binding, "next": target, "issuer": found["issuer"]}
    try:
        provider = await speaking.discover(found["issuer"])
    except speaking.Unreachable as refusal:
        raise Conflict(AWAY) from refusal
    await ask(state.encode(), OIDC, None, domain=email.rpartition("@")[2], **told)
    client = speaking.Client(found["client_id"], "", settings().url + BACK)
    address = speaking.question(provider, client, state=state, nonce=nonce, verifier=verifier, hint=email)
    return Begun(address, urlsplit(address).hostname or "", state, binding)


async def end_at_company(state: str, code: str, binding: str, *, address: str, agent: str = "") -> tuple[Opened, str]:
    """Open a session for whom the provider names, in its own company; and where they wanted to be."""
    asked = await answered(state.encode(), OIDC)
    if asked is None or not code or not hmac.compare_digest(str(asked[1]["binding"]).encode(), binding.encode()):
        raise NotSignedIn(FAILED)
    told = asked[1]
    async with gate() as connection:
        held: Any = await connection.fetchrow("select * from portal.provider_of($1)", told["domain"])
    if held is None or told.get("issuer", held["issuer"]) != held["issuer"]:
        raise NotSignedIn(FAILED)
    system = Actor.system(held["organisation_id"])
    client = speaking.Client(held["client_id"], await _secret(system, held["id"]), settings().url + BACK)
    try:
        provider = await speaking.discover(held["issuer"])
        said = await speaking.answer(provider, client, code, nonce=told["nonce"], verifier=told["verifier"])
    except speaking.Unreachable as refusal:
        raise NotSignedIn(FAILED) from refusal
    try:
        person_id = await _person(system, held, told["domain"], said)
    except Unconfirmed:
        await keep(system, ProviderConfirmedNothing(held["id"]), IdentityProvider.of(held))
        raise
    proved = said.strong and not await _has_own_factor(system, person_id)
    opened = await open_session(person_id, held["organisation_id"], address, agent, how=OIDC, proved=proved)
    return opened, str(told["next"])


async def unlink_member(actor: Actor, person_id: UUID) -> None:
    """Forget by which subjects the company's sign-in names a member; takes a second factor.

    They are found once more by a confirmed address. Their sessions end: somebody else may have come by the old subject.
    """
    async with changing(actor) as change:
        change.require("members:edit")
        if not await change.value(_MEMBERSHIP, actor.organisation_id, person_id):
            raise NotFound()
        if actor.person_id is not None:
            require_proof(actor)
        if not await change.value(_UNLINK, actor.organisation_id, person_id):
            raise Conflict(_("The company’s own sign-in has not named this person."))
        await change.fetch("select portal.end_sessions_here($1, 'administrator')", person_id)
        change.record(ProviderUnlinked(person_id), await change.row(Person, person_id))
    forget_person(person_id)


async def unlink_former(actor: Actor) -> int:
    """The same at once for all links to a provider or client id that was replaced; gives how many people it was.

    Whom the present client named by the same subject since is linked to that one, and stays so.
    """
    async with changing(actor) as change:
        change.require("members:edit")
        if actor.person_id is not None:
            require_proof(actor)
        gone = [row["person_id"] for row in await change.fetch(_UNLINK_FORMER, actor.organisation_id)]
        if not gone:
            raise Conflict(_("Nobody is linked to a provider or client id that was replaced."))
        await change.fetch("select portal.end_sessions_here(p, 'administrator') from unnest($1::uuid[]) p", gone)
        for person in await change.rows(Person, "id = any($1::uuid[])", gone):
            change.record(ProviderUnlinked(person.id), person)
    for person_id in gone:
        forget_person(person_id)
    return len(gone)


_MEMBERSHIP = "select true from membership where organisation_id = $1 and person_id = $2 for no key update"
_UNLINK = """
with gone as (delete from provider_account where organisation_id = $1 and person_id = $2 returning 1)
select count(*) from gone
"""
_UNLINK_FORMER = """
with gone as (delete from provider_account a using identity_provider p where p.id = a.provider_id
    and a.organisation_id = $1 and (a.issuer, a.client_id) <> (p.issuer, p.client_id) returning a.person_id)
select distinct person_id from gone
"""


async def _has_own_factor(system: Actor, person_id: UUID) -> bool:
    """A factor that somebody set up here is asked for here, whatever their company's provider asked."""
    async with viewing(system) as view:
        return await view.value("select portal.has_factor($1)", person_id)


async def _secret(system: Actor, provider_id: UUID) -> str:
    async with viewing(system) as view:
        sealed = await view.value("select sealed from identity_provider_secret where provider_id = $1", provider_id)
    return vault.open_secret(f"oidc {provider_id}", sealed)


async def _person(system: Actor, held: Any, domain: str, said: speaking.Said) -> UUID:
    """The member whom the issuer knows by this subject, or, the first time, by an address of its domain."""
    of = (held["id"], held["issuer"])
    async with changing(system) as change:
        known: Any = await change.one(_KNOWN, *of, said.subject, system.organisation_id, domain)
        if known is not None:
            if known["client_id"] != held["client_id"]:
                change.sql(_HOLDS, *of, said.subject, held["client_id"])
                await _linked(change, known["person_id"])
            return known["person_id"]
        if not said.email:
            raise Unconfirmed()
        found = await change.value(_MEMBER, *of, system.organisation_id, said.email)
        if found is None or said.email.rpartition("@")[2] != domain:
            raise NotSignedIn(
                _("Your company’s sign-in knows you, but nobody gave you an account here. Ask your administrator.")
            )
        change.sql(
            "insert into provider_account (provider_id, issuer, subject, person_id, organisation_id, client_id) "
            "values ($1, $2, $3, $4, $5, $6)",
            *(*of, said.subject, found, system.organisation_id, held["client_id"]),
        )
        await _linked(change, found)
    return found


async def _linked(change: Change, person_id: UUID) -> None:
    change.record(ProviderLinked(person_id), await change.row(Person, person_id))


# Whoever moved to an address elsewhere is no longer the provider's to name.
_KNOWN = """
select a.person_id, a.client_id from provider_account a join person p on p.id = a.person_id and p.disabled_at is null
join membership m on m.person_id = p.id and m.active and m.organisation_id = $4
where a.provider_id = $1 and a.issuer = $2 and a.subject = $3 and split_part(lower(p.email), '@', 2) = $5
"""
# The client id that took another one's place names them by the same subject: the link is its own from here on.
_HOLDS = "update provider_account set client_id = $4 where provider_id = $1 and issuer = $2 and subject = $3"
# Whom this issuer named before by another subject is not the one who comes now, although the address is the same.
_MEMBER = """
select m.person_id from membership m join person p on p.id = m.person_id
where m.organisation_id = $3 and p.email = $4 and m.active and p.disabled_at is null
  and not exists (select from provider_account a where a.provider_id = $1 and a.issuer = $2 and a.person_id = p.id)
"""
