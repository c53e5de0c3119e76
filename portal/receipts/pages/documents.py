"""A goods receipt as a file for other systems, saved from its page."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.platform.wiring import Panel
from portal.platform.work import View, viewing
from portal.receipts import queries
from portal.receipts.states import S
from portal.web.downloads import XML, whole


async def _document(view: View, row: Any) -> str:
    """Where the file is; what was reversed, or came unannounced, has none."""
    told = row.state == S.BOOKED and row.despatch_advice_id is not None
    return f"/receipts/{row.id}/document.xml" if told else ""


@get("/receipts/{receipt_id:uuid}/document.xml", guards=[may("goods-receipts:read")], include_in_schema=False)
async def document(actor: Acting, receipt_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        return whole(*await queries.receipt_document(view, receipt_id), XML)


PANELS = {"goods-receipt": [Panel(_document, "receipts/document.html", 91, "goods-receipts:read")]}
HANDLERS = [document]
