"""The two routes of the reference: for programs and for people."""

from typing import Any

import msgspec
from litestar import Request, Response, get

from portal.platform.settings import settings
from portal.web.reference.schema import whole
from portal.web.reference.telling import tell
from portal.web.render import page


def reference(guards: list[Any]) -> list[Any]:
    @get("/openapi.json", guards=guards, include_in_schema=False)
    async def openapi_json(request: Request[Any, Any, Any]) -> Response[bytes]:
        return Response(msgspec.json.encode(whole(request.app)), media_type="application/json")

    @get("/docs", guards=guards, include_in_schema=False)
    async def docs(request: Request[Any, Any, Any]) -> Response[str]:
        groups, records = tell(request.app)
        return page("web/reference.html", groups=groups, records=records, address=settings().url)

    return [openapi_json, docs]
