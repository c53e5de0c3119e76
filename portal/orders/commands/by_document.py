"""Verbs that a UBL document asks for: read, held against the order, then done by the very command of page and API."""

import asyncio
from typing import Any
from uuid import UUID

import msgspec

from portal.orders import queries
from portal.orders.commands.respond import Answer, respond
from portal.orders.commands.stop import cancel
from portal.orders.forms import ResponseForm
from portal.orders.rules.ubl import answer as answers
from portal.orders.rules.ubl import order as orders
from portal.orders.rules.ubl.answering import mismatches, not_this_order, response_in
from portal.orders.tables import PurchaseOrder
from portal.platform.actor import Actor
from portal.platform.convert import Problems, convert
from portal.platform.einvoice.incoming import received
from portal.platform.fields import Text
from portal.platform.problems import FieldError
from portal.platform.refusals import Invalid
from portal.platform.work import viewing


class Reason(msgspec.Struct, forbid_unknown_fields=True):
    """Why an order is cancelled, bounded as on the page."""

    reason: Text | None = None


async def respond_by_document(actor: Actor, order_id: UUID, xml: bytes) -> Answer:
    """Answer the present revision by a UBL OrderResponse; refuses what an answer of this order cannot say."""
    async with viewing(actor) as view:
        row = await queries.order_row(view, order_id, "orders:respond")
        order = await queries.out_of(view, row)
        parties = await queries.parties(view, order_id)
    said = await asyncio.to_thread(received, xml, answers.ORDER_RESPONSE, answers.Answer)
    issued = queries.issued_on(row.issued_at, parties)
    form = _checked(ResponseForm, response_in(said), list(mismatches(said, order, parties, issued)))
    return await respond(actor, order_id, form)


async def cancel_by_document(actor: Actor, order_id: UUID, xml: bytes) -> PurchaseOrder:
    """Cancel an order by a UBL OrderCancellation, whose notes are the reason."""
    async with viewing(actor) as view:
        row = await queries.order_row(view, order_id, "orders:cancel")
        parties = await queries.parties(view, order_id)
    said = await asyncio.to_thread(received, xml, orders.ORDER_CANCELLATION, orders.OrderCancellation)
    errors = list(not_this_order(said, row.number, parties, queries.issued_on(row.issued_at, parties)))
    reason = _checked(Reason, {"reason": "\n".join(note.text for note in said.reasons) or None}, errors)
    return await cancel(actor, order_id, reason.reason or "")


def _checked(form: type[Any], raw: dict[str, Any], errors: list[FieldError]) -> Any:
    """The form, or every problem of it and of the document at once."""
    try:
        filled = convert(form, raw, lenient=True)
    except Problems as problems:
        known = {error.field for error in errors}
        raise Invalid(errors=[*errors, *(each for each in problems.errors if each.field not in known)]) from problems
    if errors:
        raise Invalid(errors=errors)
    return filled
