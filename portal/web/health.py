"""Whether this process lives, and whether it can serve: for load balancers and supervisors."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from litestar import Response, get

from portal.platform.gate import gate
from portal.platform.refusals import Foreign

log = structlog.get_logger("web")


BRIEFLY = 2.0  # seconds; probes do not wait for a store of files that is slow or away


def health(guards: list[Any], own_store: Callable[[], Awaitable[None]]) -> list[Any]:
    """`/healthz`: the process answers. `/readyz`: so does its database, and the store of files that it was given is the
    portal's own; 503 says that it is not so. A store that is away is away for every host, so no host is taken out."""

    @get("/healthz", guards=guards, include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @get("/readyz", guards=guards, include_in_schema=False)
    async def readyz() -> Response[dict[str, str]]:
        try:
            async with gate() as connection:
                await connection.fetchval("select 1")
        except Exception as error:  # whatever it is, this process cannot serve now
            log.warning("not ready", exc_info=error)
            return Response({"status": "no database"}, status_code=503)
        try:
            await asyncio.wait_for(own_store(), BRIEFLY)
        except Foreign:
            return Response({"status": "another store of files"}, status_code=503)
        except Exception as error:
            log.warning("the store of files was not looked at", error=type(error).__name__)
        return Response({"status": "ok"})

    return [healthz, readyz]
