"""Verbs that a UBL document asks for: read, held against the order, then done by the very command of page and API."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from portal.access.guards import require
from portal.catalogue.queries import items_numbered
from portal.orders import queries
from portal.orders.commands.draft import create
from portal.orders.commands.respond import Answer, respond
from portal.orders.commands.stop import cancel
from portal.orders.forms import OrderForm, ResponseForm
from portal.orders.rules.ubl import answer as answers
from portal.orders.rules.ubl import entering
from portal.orders.rules.ubl import order as orders
from portal.orders.rules.ubl.answering import mismatches, not_this_order, response_in
from portal.orders.tables import PurchaseOrder
from portal.organisations.queries import suppliers_named, terms
from portal.platform.actor import Actor
from portal.platform.convert import Problems, convert
from portal.platform.einvoice.codes import GLN, vat_number
from portal.platform.einvoice.incoming import received
from portal.platform.einvoice.parties import is_another, party_of
from portal.platform.fields import Text
from portal.platform.i18n import _
from portal.platform.problems import FieldError
from portal.platform.refusals import Invalid
from portal.platform.work import View, viewing


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
    form = _checked(ResponseForm, response_in(said, order), list(mismatches(said, order, parties, issued)))
    return await respond(actor, order_id, form)


async def enter_by_document(actor: Actor, xml: bytes) -> PurchaseOrder:
    """A draft that a UBL Order of the buyer's own system says: it takes over all that stands there, or names what an
    order has no place for."""
    require(actor, "orders:create")
    said = entering.settled(await asyncio.to_thread(received, xml, orders.ORDER, orders.Order))
    async with viewing(actor) as view:
        items = await items_numbered(view, entering.numbers_of(said.lines))
        supplier, errors = await _supplier_of(view, said)
        own = await terms(view, actor.organisation_id, supplier) if supplier else None
    if own is not None and is_another(said.buyer, party_of(msgspec.to_builtins(own.buyer))):
        errors.append(FieldError("buyer", _("The document names another company here.")))
    errors += _unknown(said, items)
    form = _checked(OrderForm, entering.order_in(said, supplier or actor.organisation_id, items), errors)
    country = own.buyer.country if own else ""
    if missing := list(entering.lost(said, form, {key: number for number, key in items.items()}, country)):
        raise Invalid(errors=missing)
    return await create(actor, form)


async def _supplier_of(view: View, said: orders.Order) -> tuple[UUID | None, list[FieldError]]:
    """Whom the document orders from, by numbers of lists, the buyer's own number for it, or its name."""
    seller = said.seller
    glns = [each.value for each in seller.identifiers if each.scheme == GLN]
    own = [each.value for each in seller.identifiers if not each.scheme]
    found = await suppliers_named(
        view,
        gln=next(iter([*glns, seller.endpoint if seller.endpoint_scheme == GLN else ""])),
        register=seller.registration,
        vat=vat_number(seller.vat_number),
        own_numbers=own,
        name=seller.name,
    )
    fit = [each for each in found if not is_another(seller, party_of(each["party"]))]
    if len(fit) == 1:
        return fit[0]["supplier_id"], []
    message = _("Several of your suppliers could be meant: name one by its GLN or VAT number.")
    return None, [FieldError("seller", message if fit else _("This is none of your suppliers."))]


def _unknown(said: orders.Order, items: Mapping[str, Any]) -> list[FieldError]:
    return [
        FieldError(f"lines.{place}.item", _("You have no item {number}.", number=line.item.buyer_item))
        for place, line in enumerate(said.lines)
        if line.item.buyer_item and line.item.buyer_item not in items
    ]


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
