"""Where people sit who use the portal: each at an address of their own (RFC 2544), so that the wrong passwords of one
test never keep out the next."""

from ipaddress import ip_network
from itertools import islice
from typing import Any

import httpx

_FREE = map(str, islice(ip_network("198.18.0.0/15"), 1, None))


def door(app: Any) -> httpx.ASGITransport:
    """The way into the portal from a place where nobody was before."""
    return httpx.ASGITransport(app=app, client=(next(_FREE), 1))
