"""Speaking to a company's identity provider (OpenID Connect): its addresses, its keys, what it says of a person.

The provider's address was typed by somebody, so it is asked with care: at public addresses by https alone, unless the
operator named the network it stands in; no redirect is followed, and an answer is small and comes soon.
"""

import asyncio
import base64
import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlsplit

import structlog

from portal.platform.i18n import Message, _
from portal.platform.late import Late
from portal.platform.refusals import Conflict
from portal.platform.settings import settings
from portal.platform.watching import tracing

if TYPE_CHECKING:
    import httpx
    from authlib.oauth2 import rfc7636
    from authlib.oauth2.rfc6749 import parameters
    from authlib.oidc import core
    from joserfc import errors, jwk, jwt
else:
    httpx = Late("httpx")
    rfc7636 = Late("authlib.oauth2.rfc7636")
    parameters = Late("authlib.oauth2.rfc6749.parameters")
    core = Late("authlib.oidc.core")
    errors, jwk, jwt = Late("joserfc.errors"), Late("joserfc.jwk"), Late("joserfc.jwt")

log = structlog.get_logger("access")
SECONDS, LARGEST, LEEWAY = 5, 500_000, 60
MOST_TOLD = 200  # characters of what a provider says that are told again
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
MANY = frozenset({"mfa", "hwk", "otp", "fpt"})  # RFC 8176: more than a password was asked for


# What a failed question comes to, by the name of its error; the error itself stays in the log.
CAUSES: dict[str, Message] = {
    "ConnectTimeout": _("it takes too long"),
    "ReadTimeout": _("it takes too long"),
    "ConnectError": _("nobody answers at its address, or its certificate is not in order"),
    "ReadError": _("it hung up"),
    "RemoteProtocolError": _("it hung up"),
    "JSONDecodeError": _("it answers something else than a provider would"),
    "UnicodeDecodeError": _("it answers something else than a provider would"),
}


class Unreachable(Conflict):
    """The provider does not answer as one would. `cause` is what an operator reads of it in the log."""

    def __init__(self, why: Message, cause: str = "") -> None:
        log.warning("an identity provider is of no use", why=why.text.format(**why.parameters), cause=cause)
        super().__init__(_("The identity provider did not answer as expected: {why}", why=why))


class Provider(NamedTuple):
    """Where a provider wants to be asked what, as it says itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class Client(NamedTuple):
    """Who the portal is for a provider."""

    client_id: str
    secret: str
    redirect_uri: str


class Said(NamedTuple):
    """Whom the provider names. An address counts only if the provider says that it is theirs."""

    subject: str
    email: str
    strong: bool


async def discover(issuer: str) -> Provider:
    """Ask a provider for its addresses (OpenID Connect Discovery 1.0)."""
    told = await _json("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if told.get("issuer") != issuer:
        raise Unreachable(_("it calls itself {name}", name=str(told.get("issuer"))[:MOST_TOLD]))
    try:
        return Provider(*(str(told[name]) for name in Provider._fields))
    except KeyError as missing:
        raise Unreachable(_("it does not say its {name}", name=missing.args[0])) from missing


def question(provider: Provider, client: Client, *, state: str, nonce: str, verifier: str, hint: str) -> str:
    """The address at which the person signs in there."""
    return parameters.prepare_grant_uri(
        provider.authorization_endpoint,
        client_id=client.client_id,
        response_type="code",
        redirect_uri=client.redirect_uri,
        scope="openid email",
        state=state,
        nonce=nonce,
        login_hint=hint,
        code_challenge=rfc7636.create_s256_code_challenge(verifier),
        code_challenge_method="S256",
    )


async def answer(provider: Provider, client: Client, code: str, *, nonce: str, verifier: str) -> Said:
    """Exchange the code for what the provider says of the person, signed by it, for us and for this question."""
    body = parameters.prepare_token_request(
        "authorization_code", redirect_uri=client.redirect_uri, code=code, code_verifier=verifier
    )
    basic = base64.b64encode(f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}".encode()).decode()
    headers = {"authorization": f"Basic {basic}", "content-type": "application/x-www-form-urlencoded"}
    told = await _json("POST", provider.token_endpoint, content=body, headers=headers)
    keys: Any = await _json("GET", provider.jwks_uri)
    try:
        token = jwt.decode(str(told.get("id_token", "")), jwk.KeySet.import_key_set(keys), algorithms=list(ALGORITHMS))
        wanted: Any = {
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": client.client_id},
        }
        claims = core.CodeIDToken(token.claims, token.header, wanted, {"nonce": nonce, "client_id": client.client_id})
        claims.validate(leeway=LEEWAY)
    except (errors.JoseError, ValueError, KeyError, TypeError) as error:
        raise Unreachable(_("its answer is not in order"), f"{type(error).__name__}: {error}"[:MOST_TOLD]) from error
    email = str(claims.get("email", "")).lower() if claims.get("email_verified") is True else ""
    return Said(str(claims["sub"]), email, bool(MANY & set(claims.get("amr") or ())))


async def _json(method: str, url: str, **sent: Any) -> dict[str, Any]:
    at = await _allowed(url)
    named = httpx.URL(url)
    sent["headers"] = {"host": named.netloc.decode("ascii"), **sent.get("headers", {})}
    try:
        with tracing.asking("identity provider") as carried:
            told = await _fetched(method, named, at, sent | {"headers": carried | sent["headers"]})
        if told.status_code != 200:
            raise Unreachable(_("{host} answers with {status}", host=urlsplit(url).hostname, status=told.status_code))
        found = told.json()
    except (httpx.HTTPError, ValueError) as error:
        why = CAUSES.get(type(error).__name__, _("it could not be asked"))
        raise Unreachable(why, f"{type(error).__name__} from {urlsplit(url).hostname}") from error
    if not isinstance(found, dict):
        raise Unreachable(CAUSES["JSONDecodeError"])
    return found


async def _fetched(method: str, named: "httpx.URL", at: str, sent: dict[str, Any]) -> "httpx.Response":
    """Asks the address that was looked at, by the name that was meant."""
    sni = {"sni_hostname": named.raw_host.decode("ascii")}
    async with (
        httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
        client.stream(method, named.copy_with(host=at), extensions=sni, **sent) as response,
    ):
        body = b""
        async for part in response.aiter_bytes():
            body += part
            if len(body) > LARGEST:
                raise Unreachable(_("its answer is too large"))
        return httpx.Response(response.status_code, content=body)


async def _allowed(url: str) -> str:
    """The address to connect to: that which was looked at, for a name may stand for another one a moment later.

    Refuses addresses inside: the portal's server is no way into the network that it stands in.
    """
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise Unreachable(_("nobody knows the name {host}", host=parts.hostname), str(error)) from error
    for address in {ip_address(entry[4][0]) for entry in found}:
        inside = any(address in network for network in settings().oidc_networks)
        if not inside and (parts.scheme != "https" or not address.is_global):
            raise Unreachable(_("{host} is not at a public address by https", host=parts.hostname))
    return str(found[0][4][0])
