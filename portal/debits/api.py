"""Debit notes for programs: both sides read them, the buyer decides on them."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import FromPath, FromQuery, QueryParameter

from portal.access.guards import Acting, may
from portal.access.verbs import api_verbs
from portal.debits import queries
from portal.debits.forms import DebitOut, DebitRow
from portal.debits.verbs import VERBS
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.web.answers import tagged


async def _tagged(actor: Actor, debit_note_id: UUID, status: int = 200) -> Response[DebitOut]:
    async with viewing(actor) as view:
        return tagged(await queries.debit_out(view, debit_note_id), status)


@get("/", guards=[may("debit-notes:read")], operation_id="listDebitNotes")
async def list_debit_notes(
    actor: Acting,
    states: Annotated[str | None, QueryParameter(name="state")] = None,
    supplier_id: FromQuery[UUID | None] = None,
    buyer_id: FromQuery[UUID | None] = None,
    contract_id: FromQuery[UUID | None] = None,
    order_id: FromQuery[UUID | None] = None,
    sort: FromQuery[str] = "-created",
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[DebitRow]:
    """What late deliveries cost, newest first; a supplier sees what was accepted. Codes may be several, with commas."""
    chosen = queries.DebitFilter(state=states, supplier_id=supplier_id, buyer_id=buyer_id)
    chosen.contract_id, chosen.order_id = contract_id, order_id
    async with viewing(actor) as view:
        return await queries.debit_notes(view, chosen, sort=sort, cursor=cursor, limit=clamp(limit))


@get("/{debit_note_id:uuid}", guards=[may("debit-notes:read")], operation_id="getDebitNote")
async def show(actor: Acting, debit_note_id: FromPath[UUID]) -> Response[DebitOut]:
    """One debit note with its arithmetic."""
    return await _tagged(actor, debit_note_id)


_HANDLERS: list[Any] = [list_debit_notes, show, *api_verbs("debit_note_id", VERBS, _tagged)]
router = Router("/debit-notes", route_handlers=_HANDLERS, tags=["Debit notes"])
