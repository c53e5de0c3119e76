"""Orders, answers and cancellations as UBL 2.1 documents: out of the portal, and into the verbs that JSON asks for."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.orders import commands, queries
from portal.orders.forms import OrderOut, RespondedOut
from portal.platform.work import viewing
from portal.web.answers import tagged
from portal.web.downloads import XML, whole
from portal.web.xml import TAKES_XML, SendsXml, xml_body

AnyRequest = Request[Any, Any, Any]


@get(
    "/{order_id:uuid}/document.xml",
    guards=[may("prices:read")],
    operation_id="getPurchaseOrderXml",
    summary="The order as UBL",
)
async def order(actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    """The newest issued revision as a UBL 2.1 Order (Peppol BIS Ordering 3)."""
    async with viewing(actor) as view:
        return whole(*await queries.order_document(view, order_id), XML)


@get(
    "/{order_id:uuid}/cancellation.xml",
    guards=[may("prices:read")],
    operation_id="getOrderCancellationXml",
    summary="The cancellation of the order as UBL",
)
async def cancellation(actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    """A cancelled order as a UBL 2.1 OrderCancellation; 409 for one that is not."""
    async with viewing(actor) as view:
        return whole(*await queries.cancellation_document(view, order_id), XML)


@get(
    "/{order_id:uuid}/responses/{response_id:uuid}/document.xml",
    guards=[may("prices:read")],
    operation_id="getOrderResponseXml",
    summary="An answer as UBL",
)
async def response(actor: Acting, order_id: FromPath[UUID], response_id: FromPath[UUID]) -> Response[Any]:
    """One answer of the supplier as a UBL 2.1 OrderResponse (Peppol BIS Ordering 3)."""
    async with viewing(actor) as view:
        return whole(*await queries.response_document(view, order_id, response_id), XML)


@post(
    "/document.xml",
    guards=[may("orders:create")],
    operation_id="enterByDocument",
    summary="Enter a draft by a UBL document",
    opt=TAKES_XML,
    operation_class=SendsXml,
)
async def enter(request: AnyRequest, actor: Acting) -> Response[OrderOut]:
    """A draft as a UBL 2.1 Order of your own system says (Peppol BIS Ordering 3); what an order has no place for is
    refused by its name. The number that the file gives it is kept in the internal note."""
    draft = await commands.enter_by_document(actor, await xml_body(request))
    async with viewing(actor) as view:
        return tagged(await queries.order_out(view, draft.id), 201)


@post(
    "/{order_id:uuid}/responses/document.xml",
    guards=[may("orders:respond")],
    operation_id="respondByDocument",
    summary="Answer by a UBL document",
    opt=TAKES_XML,
    operation_class=SendsXml,
)
async def respond(request: AnyRequest, actor: Acting, order_id: FromPath[UUID]) -> RespondedOut:
    """The supplier's answer as a UBL 2.1 OrderResponse; it does what the same answer does as JSON."""
    answer = await commands.respond_by_document(actor, order_id, await xml_body(request))
    async with viewing(actor) as view:
        return RespondedOut(answer.response.id, answer.response.code, await queries.order_out(view, order_id))


@post(
    "/{order_id:uuid}/cancel/document.xml",
    guards=[may("orders:cancel")],
    operation_id="cancelByDocument",
    summary="Cancel by a UBL document",
    status_code=200,
    opt=TAKES_XML,
    operation_class=SendsXml,
)
async def cancel(request: AnyRequest, actor: Acting, order_id: FromPath[UUID]) -> Response[OrderOut]:
    """The buyer takes the order back by a UBL 2.1 OrderCancellation, whose notes say why."""
    await commands.cancel_by_document(actor, order_id, await xml_body(request))
    async with viewing(actor) as view:
        return tagged(await queries.order_out(view, order_id))


HANDLERS: list[Any] = [order, enter, cancellation, response, respond, cancel]
