"""What a supplier asks for, as other systems read it."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.catalogue.queries.documents import catalogue_document
from portal.platform.work import viewing
from portal.web.downloads import XML, whole


@get("/suppliers/{supplier_id:uuid}/catalogue.xml", guards=[may("prices:read")], include_in_schema=False)
async def catalogue(actor: Acting, supplier_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor, report=True) as view:
        return whole(*await catalogue_document(view, supplier_id), XML)


HANDLERS = [catalogue]
