"""Under which names requests may come. A name that a client makes up is not answered, so that nothing between it and us
(a cache, a proxy) can be made to keep an answer for a name of theirs.
"""

import re
from urllib.parse import urlsplit

from litestar.types import ASGIApp, Receive, Scope, Send

from portal.platform.i18n import _
from portal.platform.refusals import Malformed, Refusal
from portal.platform.settings import settings

_LETTERS = re.compile(r"(?:https?:)?//[\w.:\[\]-]*/?")
PROBES = ("/healthz", "/readyz", "/metrics")  # load balancers and Prometheus ask by address


class Misdirected(Refusal):
    """The request is for somebody else's name."""

    status = 421
    title = _("This is not the portal’s address")


class Hosts:
    """ASGI middleware: refuse another Host than that of the configured public address or of PORTAL_ALLOWED_HOSTS.

    Where neither is configured, as in a demo, any name of the machine serves. `X-Forwarded-Host` counts nowhere.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            refusal = _refusal(dict(scope["headers"]).get(b"host", b"").decode("latin-1"))
            if refusal is not None:  # nobody builds an address from it either
                ours = urlsplit(settings().url).netloc.encode()
                scope["headers"] = [(name, ours if name == b"host" else value) for name, value in scope["headers"]]
                if scope["path"] not in PROBES:
                    raise refusal
        await self.app(scope, receive, send)


def _refusal(host: str) -> Refusal | None:
    present, name = settings(), _name(f"//{host}")
    if name is None:
        return Malformed(_("The Host that this request names is none."))
    if "url" not in present.given and not present.allowed_hosts:
        return None
    known = {_name(present.url), *present.allowed_hosts}
    return None if name in known else Misdirected(_("The portal is at {address}.", address=present.url))


def _name(address: str) -> str | None:
    """The host in lower case; None where it, or its port, cannot be read."""
    if not _LETTERS.fullmatch(address):
        return None
    try:
        parts = urlsplit(address)
        return None if parts.port == 0 or not parts.hostname else parts.hostname
    except ValueError:
        return None
