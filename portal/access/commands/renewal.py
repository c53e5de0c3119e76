"""A session's secret: new at every sign-in and whenever the session may do more than before."""

import hashlib
import secrets
from typing import NamedTuple

from portal.access import queries
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Denied, NotSignedIn
from portal.platform.work import Change

Secrets = tuple[str, str]


class Opened(NamedTuple):
    """A session just opened: the secret for the cookie, and the token that unsafe requests repeat."""

    token: str
    csrf: str
    actor: Actor


def fresh() -> Secrets:
    """The secret of a session, and its token against forged requests."""
    return secrets.token_urlsafe(32), secrets.token_urlsafe(24)


def key_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def signed_in(actor: Actor) -> bytes:
    """The session of somebody who acts in one: a key for programs keeps nobody's account."""
    if actor.session is None:
        raise Denied(_("Sign in to do this: a key for programs cannot."))
    return actor.session


async def renewed(change: Change, *, proved: bool = False) -> Secrets:
    """The change's own session goes on under a new secret; `proved` when a second factor was, just now."""
    token, csrf = fresh()
    old = signed_in(change.actor)
    done = await change.value("select portal.renew_session($1, $2, $3, $4)", old, key_of(token), csrf, proved)
    if not done:
        raise NotSignedIn(_("Please sign in to continue."))
    return token, csrf


async def believed(token: str, csrf: str) -> Opened:
    """The session with these secrets, as it is stored now."""
    queries.forget_session(key_of(token))
    identity = await queries.identity_of_session(token)
    if identity is None:
        raise Denied(_("You are not a member of this organisation."))
    return Opened(token, csrf, identity.actor)
