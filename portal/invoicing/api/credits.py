"""Credit notes for programs: each verb answers with the credit note as it is then."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from portal.access.guards import Acting, may
from portal.access.verbs import api_verbs
from portal.invoicing import commands, queries
from portal.invoicing.forms import CreditEdit, CreditForm, CreditOut, CreditRow, Settlement
from portal.invoicing.verbs import CREDIT_VERBS
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.web.answers import tagged


async def _tagged(actor: Actor, credit_id: UUID, status: int = 200) -> Response[CreditOut]:
    async with viewing(actor) as view:
        return tagged(await queries.credit_out(view, credit_id), status)


@get("/", guards=[may("credit-notes:read")], operation_id="listCreditNotes")
async def list_credits(
    actor: Acting,
    states: Annotated[str | None, QueryParameter(name="state")] = None,
    kind: FromQuery[str | None] = None,
    supplier_id: FromQuery[UUID | None] = None,
    buyer_id: FromQuery[UUID | None] = None,
    invoice_id: FromQuery[UUID | None] = None,
    words: Annotated[str | None, QueryParameter(name="query")] = None,
    sort: FromQuery[str] = "-created",
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[CreditRow]:
    """Credit notes, newest first; `state` and `kind` take several codes with commas between them."""
    chosen = queries.CreditFilter(
        state=states, kind=kind, supplier_id=supplier_id, buyer_id=buyer_id, invoice_id=invoice_id, query=words
    )
    async with viewing(actor, report=True) as view:
        found = await queries.credits(view, chosen, sort=sort, cursor=cursor, limit=clamp(limit))
    return Page(found.rows, found.older)


@post("/", guards=[may("credit-notes:create")], operation_id="createCreditNote")
async def create(actor: Acting, data: JSONBody[CreditForm]) -> Response[CreditOut]:
    """A draft that gives back what an invoice billed, which only the supplier sees until it is submitted."""
    note = await commands.create_credit(actor, data)
    return await _tagged(actor, note.id, 201)


@get("/{credit_id:uuid}", guards=[may("credit-notes:read")], operation_id="getCreditNote")
async def show(actor: Acting, credit_id: FromPath[UUID]) -> Response[CreditOut]:
    """One credit note with its lines, its taxes and the invoice that it refers back to."""
    return await _tagged(actor, credit_id)


@put("/{credit_id:uuid}", guards=[may("credit-notes:create")], operation_id="replaceCreditNote")
async def replace(actor: Acting, credit_id: FromPath[UUID], data: JSONBody[CreditEdit]) -> Response[CreditOut]:
    """Replace all that a draft says; what was sent is never changed."""
    await commands.edit_credit(actor, credit_id, data)
    return await _tagged(actor, credit_id)


@delete("/{credit_id:uuid}", guards=[may("credit-notes:create")], operation_id="discardCreditNote")
async def discard(actor: Acting, credit_id: FromPath[UUID]) -> None:
    """Throw a draft away; its number is free again."""
    await commands.discard_credit(actor, credit_id)


@post("/{credit_id:uuid}/settle", guards=[may("credit-notes:settle")], operation_id="settleCreditNote", status_code=200)
async def settle(actor: Acting, credit_id: FromPath[UUID], data: JSONBody[Settlement]) -> Response[CreditOut]:
    """Record that an approved credit note was set off against a payment, or paid back."""
    await commands.settle_credit(actor, credit_id, data)
    return await _tagged(actor, credit_id)


_HANDLERS: list[Any] = [
    *(list_credits, create, show, replace, discard, settle),
    *api_verbs("credit_id", CREDIT_VERBS, _tagged),
]
router = Router("/credit-notes", route_handlers=_HANDLERS, tags=["Credit notes"])
