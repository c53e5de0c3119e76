"""Which site an address belongs to: an address comes from a stranger's header and may be no address at all."""

from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from litestar import Request

from portal.platform.settings import settings

_USUAL = {"http": 80, "https": 443}


class Site(NamedTuple):
    """What browsers compare (RFC 6454): scheme, host and port."""

    scheme: str
    host: str
    port: int


def split(address: str) -> SplitResult | None:
    """The parts of an address, or None if it has none."""
    try:
        parts = urlsplit(address)
        return parts if parts.port != 0 and parts.hostname else None
    except ValueError:
        return None


def site_of(address: str) -> Site | None:
    parts = split(address)
    if parts is None or parts.scheme not in _USUAL:
        return None
    return Site(parts.scheme, str(parts.hostname), parts.port or _USUAL[parts.scheme])


def is_ours(request: Request[Any, Any, Any], address: str) -> bool:
    """Whether an address is on the portal's public one. Only where nobody configured that, the host that the client
    itself names counts too: whoever reaches a demo by another name of the machine."""
    site, public = site_of(address), settings()
    if site is None or site == site_of(public.url):
        return site is not None
    named = (site_of(f"{scheme}://{request.headers.get('host', '')}") for scheme in _USUAL)
    return "url" not in public.given and site in named
