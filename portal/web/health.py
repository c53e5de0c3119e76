"""Whether this process lives, and whether it can serve: for load balancers and supervisors."""

from typing import Any

import structlog
from litestar import Response, get

from portal.platform.database import gate

log = structlog.get_logger("web")


def health(guards: list[Any]) -> list[Any]:
    """`/healthz`: the process answers. `/readyz`: so does its database; 503 says it does not."""

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
        return Response({"status": "ok"})

    return [healthz, readyz]
