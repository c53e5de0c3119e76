"""Passkeys (WebAuthn): a key in a device or a password manager that its person unlocks. It is both factors at once."""

import hashlib
import hmac
import json
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from portal.access import queries
from portal.access.commands.attempts import begin
from portal.access.commands.ceremonies import answered, ask
from portal.access.commands.renewal import Opened, believed, renewed, signed_in
from portal.access.commands.second_factor import SetUp, drop_idle_codes, may_add_factor, new_codes, still_may_add
from portal.access.commands.sessions import open_session
from portal.access.events import SecondFactorProved, SecondFactorRemoved, SecondFactorSetUp
from portal.access.guards import require_proof
from portal.access.tables import Person
from portal.platform.actor import Actor
from portal.platform.gate import gate
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.late import Late
from portal.platform.refusals import Conflict, Invalid, NotFound, NotSignedIn
from portal.platform.work import changing, viewing

if TYPE_CHECKING:
    import webauthn
    from webauthn.helpers import exceptions, structs
else:
    webauthn = Late("webauthn")
    exceptions, structs = Late("webauthn.helpers.exceptions"), Late("webauthn.helpers.structs")

NEW, USE = "passkey-new", "passkey"
WRONG = _("This passkey was not accepted. Try again, or use another way.")


class Place(NamedTuple):
    """The site that a passkey is made for: browsers give it to no other."""

    name: str
    origin: str

    @classmethod
    def of(cls, origin: str) -> "Place":
        """Raises `Conflict` for a bare IP address, for which no browser makes passkeys."""
        host = urlsplit(origin).hostname or ""
        try:
            ip_address(host)
        except ValueError:
            return cls(host, origin)
        refusal = _(
            "Passkeys work under a name alone, and {address} is a number: open the portal by its name, on its own "
            "machine as localhost.",
            address=host,
        )
        raise Conflict(refusal)


class Known(NamedTuple):
    """A passkey that somebody showed, and whose it is."""

    person_id: UUID
    organisation_id: UUID


async def begin_passkey(actor: Actor, password: str | None, place: Place, *, address: str) -> str:
    """What the browser needs to make a passkey, as JSON. Takes a proof of the factor there is, else the password."""
    await may_add_factor(actor, password, address)
    async with viewing(actor) as view:
        known = await queries.credentials(view)
    options = webauthn.generate_registration_options(
        rp_id=place.name,
        rp_name="Portal",
        user_id=actor.person.bytes,
        user_name=actor.email,
        user_display_name=actor.name,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED, user_verification=_must()
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=each) for each in known],
    )
    await ask(options.challenge, NEW, actor.person)
    return webauthn.options_to_json(options)


async def add_passkey(actor: Actor, credential: str, name: str, place: Place) -> SetUp:
    """Keep a passkey that the browser made. With the first second factor come recovery codes."""
    still_may_add(actor)
    asked = await answered(challenge_of(credential), NEW)
    if asked is None or asked[0] != actor.person:
        raise Invalid.field("credential", WRONG)
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge_of(credential),
            expected_rp_id=place.name,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except _broken() as error:
        raise Invalid.field("credential", WRONG) from error
    async with changing(actor, Person, actor.person) as (change, person):
        change.sql(
            "insert into passkey (id, person_id, credential_id, public_key, sign_count, name, created_at) "
            "values ($1, $2, $3, $4, $5, $6, $7)",
            *(new_id(), person.id, made.credential_id, made.credential_public_key, made.sign_count, name, change.now),
        )
        codes = [] if (await queries.factors(change)).recovery_codes else await new_codes(change)
        fresh = await renewed(change, proved=True)
        change.record(SecondFactorSetUp(person.id, "passkey"), person)
    queries.forget_person(actor.person)
    return SetUp(await believed(*fresh), codes)


async def remove_passkey(actor: Actor, passkey_id: UUID) -> None:
    """It opens nothing any more; a second factor must be proved for it."""
    require_proof(actor)
    async with changing(actor, Person, actor.person) as (change, person):
        gone = await change.value(
            "delete from passkey where id = $1 and person_id = $2 returning true", passkey_id, person.id
        )
        if not gone:
            raise NotFound()
        await drop_idle_codes(change)
        change.record(SecondFactorRemoved(person.id, "passkey"), person)
    queries.forget_person(actor.person)


async def begin_use(place: Place, browser: str) -> str:
    """What the browser needs to ask for a passkey, whoever is in front of it. Only this browser answers: an answer that
    somebody relays from elsewhere is none (WebAuthn Level 2, 13.4.3)."""
    options = webauthn.generate_authentication_options(rp_id=place.name, user_verification=_must())
    await ask(options.challenge, USE, browser=_mark(browser))
    return webauthn.options_to_json(options)


async def sign_in_with_passkey(credential: str, place: Place, browser: str, *, address: str, agent: str = "") -> Opened:
    """Open a session by a passkey alone: it is what one has and what one knows or is."""
    attempt = await begin(f"passkey {_field(credential, 'id')}", address)
    known = await _shown(credential, place, browser)
    await attempt.end(known is not None)
    if known is None:
        raise NotSignedIn(WRONG)
    return await open_session(known.person_id, known.organisation_id, address, agent, how="passkey", proved=True)


async def prove_with_passkey(actor: Actor, credential: str, place: Place, browser: str) -> Opened:
    """Prove a second factor in this session by a passkey: the session goes on under a new secret."""
    old = signed_in(actor)
    known = await _shown(credential, place, browser)
    if known is None or known.person_id != actor.person:
        raise Invalid.field("credential", WRONG)
    async with changing(actor, Person, actor.person) as (change, person):
        fresh = await renewed(change, proved=True)
        change.record(SecondFactorProved(person.id, "passkey"), person)
    queries.forget_session(old)
    return await believed(*fresh)


async def _shown(credential: str, place: Place, browser: str) -> Known | None:
    """Whose passkey answered a question of ours just now. A key that counts and did not count on is a copy."""
    challenge = challenge_of(credential)
    asked = await answered(challenge, USE)
    if asked is None or not hmac.compare_digest(str(asked[1].get("browser", "")), _mark(browser)):
        return None
    async with gate() as connection:
        held: Any = await connection.fetchrow("select * from portal.passkey_holder($1)", _id_of(credential))
        if held is None:
            return None
        try:
            right = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=place.name,
                expected_origin=place.origin,
                credential_public_key=held["public_key"],
                credential_current_sign_count=held["sign_count"],
                require_user_verification=True,
            )
        except _broken():
            return None
        used = await connection.fetchval(
            "select portal.passkey_used($1, $2, $3)", held["id"], held["sign_count"], right.new_sign_count
        )
    return Known(held["person_id"], held["organisation_id"]) if used else None


def _mark(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()


def _must() -> "structs.UserVerificationRequirement":
    return structs.UserVerificationRequirement.REQUIRED


def _broken() -> tuple[type[Exception], ...]:
    """What is raised of an answer that is none."""
    told = (exceptions.InvalidJSONStructure, exceptions.InvalidRegistrationResponse)
    return (*told, exceptions.InvalidAuthenticationResponse, ValueError, KeyError)


def challenge_of(credential: str) -> bytes:
    """The question that this answers, as the browser repeats it; what is no answer answers the empty question."""
    try:
        told = json.loads(webauthn.base64url_to_bytes(json.loads(credential)["response"]["clientDataJSON"]))
        return webauthn.base64url_to_bytes(told["challenge"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return b""


def _id_of(credential: str) -> bytes:
    try:
        return webauthn.base64url_to_bytes(_field(credential, "id"))
    except (ValueError, TypeError, AttributeError):
        return b""


def _field(credential: str, name: str) -> str:
    try:
        return str(json.loads(credential)[name])[:400]
    except (ValueError, KeyError, TypeError):
        return ""
