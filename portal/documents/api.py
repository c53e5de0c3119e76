"""Documents for programs: the stored file of a contract, an order, a despatch advice or an invoice."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, FromQuery

from portal.access.guards import Acting, may
from portal.documents import commands
from portal.documents.answers import answer, not_yet
from portal.documents.forms import DocumentOut

AnyRequest = Request[Any, Any, Any]
# Where in the API, which kind, which permission: documents with prices are for who may see prices.
PLACES = (
    ("/contracts", "contract", "prices:read", "Contract"),
    ("/purchase-orders", "purchase-order", "prices:read", "PurchaseOrder"),
    ("/despatch-advices", "despatch-advice", "despatch-advices:read", "DespatchAdvice"),
    ("/service-entries", "service-entry", "prices:read", "ServiceEntry"),
    ("/invoices", "invoice", "prices:read", "Invoice"),
    ("/credit-notes", "credit-note", "prices:read", "CreditNote"),
    ("/debit-notes", "debit-note", "prices:read", "DebitNote"),
    ("/statements", "statement", "open-items:read", "Statement"),
    ("/scorecards", "scorecard", "scorecards:read", "Scorecard"),
)


def _routes(place: str, kind: str, permission: str, name: str) -> Router:
    path = "/{record_id:uuid}/document"

    @get(f"{path}.pdf", guards=[may(permission)], operation_id=f"get{name}Document", summary="The document as PDF")
    async def document(
        request: AnyRequest, actor: Acting, record_id: FromPath[UUID], download: FromQuery[bool] = False
    ) -> Response[Any]:
        """The stored, immutable file. 202 with `Retry-After` while it is made, which the first request begins."""
        return await answer(request, await commands.request(actor, kind, record_id), attached=download)

    @post(
        f"{path}/retry",
        guards=[may(permission)],
        operation_id=f"retry{name}Document",
        summary="Try again a document that failed",
        status_code=202,
    )
    async def retry(actor: Acting, record_id: FromPath[UUID]) -> Response[DocumentOut]:
        """Make a document anew whose making failed; any other one stays as it is."""
        return not_yet(await commands.retry(actor, kind, record_id))

    return Router(place, route_handlers=[document, retry], tags=["Documents"])


router = Router("/", route_handlers=[_routes(*place) for place in PLACES])
