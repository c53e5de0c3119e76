"""Despatch advices as UBL files in a browser: saved from a delivery's page, and goods that a file says have left."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.platform.i18n import Message
from portal.platform.refusals import Conflict, Invalid
from portal.platform.wiring import Panel
from portal.platform.work import View, viewing
from portal.shipments import commands, queries
from portal.shipments.verbs import ON_ITS_WAY
from portal.web import Form, page
from portal.web.downloads import XML, whole
from portal.web.flash import go
from portal.web.xml import shown_with_file, xml_file


async def _document(view: View, row: Any) -> str:
    """Where the file is; a draft has none."""
    return f"/despatch-advices/{row.id}/document.xml" if row.shown_to is not None else ""


@get("/despatch-advices/{advice_id:uuid}/document.xml", guards=[may("despatch-advices:read")], include_in_schema=False)
async def document(actor: Acting, advice_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        return whole(*await queries.advice_document(view, advice_id), XML)


@get("/despatch-advices/document", guards=[may("despatch-advices:despatch")], include_in_schema=False)
async def bring(actor: Acting) -> Response[Any]:
    return page("shipments/document_new.html", form=Form())


@post("/despatch-advices/document", guards=[may("despatch-advices:despatch")], include_in_schema=False)
async def brought(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    """Goods have left as the file says; what is wrong with it is said all at once."""
    try:
        advice = await commands.despatch_by_document(actor, await xml_file(request))
    except (Invalid, Conflict) as refusal:
        return page("shipments/document_new.html", status=refusal.status, form=shown_with_file(refusal))
    return go(f"/despatch-advices/{advice.id}", Message(ON_ITS_WAY.text, {"number": advice.number}))


PANELS = {"despatch-advice": [Panel(_document, "shipments/document.html", 91, "despatch-advices:read")]}
HANDLERS = [document, bring, brought]
