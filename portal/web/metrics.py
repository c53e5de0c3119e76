"""`/metrics`: numbers for whoever looks after the portal, on this machine or in the networks that are named for it.

A request that came through a proxy is nobody of them, wherever the proxy stands: what a front end passes on to the
portal never reads numbers. To everybody else the address does not exist.
"""

import asyncio
from ipaddress import ip_address
from typing import Any, Final

from litestar import Request, Response, get

from portal.platform.refusals import NotFound
from portal.platform.settings import settings
from portal.platform.watching import looking, metrics

PASSED_ON: Final = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


def exposed(guards: list[Any]) -> list[Any]:
    """The one route."""

    @get("/metrics", guards=guards, include_in_schema=False)
    async def read(request: Request[Any, Any, Any]) -> Response[bytes]:
        if not may_read(request):
            raise NotFound()
        instruments = metrics.instruments()
        if instruments is None:  # this process counts nothing: there is nothing to tell for the others
            raise NotFound()
        from portal.platform.watching import exposition

        waits = await looking.look()
        page = await asyncio.to_thread(exposition.text, instruments.folder, waits)
        return Response(page, headers={"content-type": exposition.CONTENT_TYPE, "cache-control": "no-store"})

    return [read]


def may_read(request: Request[Any, Any, Any]) -> bool:
    """Whether it comes from this machine, or from a network that was named, and directly."""
    if any(name in request.headers for name in PASSED_ON) or request.scope["client"] is None:
        return False
    try:
        address = ip_address(request.scope["client"][0])
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or any(address in network for network in settings().metrics_networks)
