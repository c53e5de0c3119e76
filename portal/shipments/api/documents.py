"""Despatch advices as UBL 2.1 documents, out and in."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.platform.work import viewing
from portal.shipments import commands, queries
from portal.shipments.forms import AdviceOut
from portal.web.answers import tagged
from portal.web.downloads import XML, whole
from portal.web.xml import TAKES_XML, SendsXml, xml_body


@get(
    "/{advice_id:uuid}/document.xml",
    guards=[may("despatch-advices:read")],
    operation_id="getDespatchAdviceXml",
    summary="The despatch advice as UBL",
)
async def document(actor: Acting, advice_id: FromPath[UUID]) -> Response[Any]:
    """What was sent as a UBL 2.1 DespatchAdvice (Peppol BIS Despatch Advice 3); there are no prices in it."""
    async with viewing(actor) as view:
        return whole(*await queries.advice_document(view, advice_id), XML)


@post(
    "/document.xml",
    guards=[may("despatch-advices:despatch")],
    operation_id="despatchByDocument",
    summary="Despatch by a UBL document",
    opt=TAKES_XML,
    operation_class=SendsXml,
)
async def despatch(request: Request[Any, Any, Any], actor: Acting) -> Response[AdviceOut]:
    """Goods have left: a UBL 2.1 DespatchAdvice over your orders, by their numbers, is made and sent at once. What is
    missing and not declared outstanding will never come."""
    advice = await commands.despatch_by_document(actor, await xml_body(request))
    async with viewing(actor) as view:
        return tagged(await queries.advice_out(view, advice.id), 201)


HANDLERS: list[Any] = [document, despatch]
