"""Why a line costs what it costs: every price there was for it, and why each of the others did not win."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from portal.catalogue.queries import lists_between
from portal.contracts.queries import Asked, Judged, Offer, judged, offered_then
from portal.orders.forms import PriceCandidate, PriceExplained
from portal.orders.queries.one import order_row
from portal.orders.queries.parts import LINES
from portal.orders.rules import departs
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.platform.calendar import local_date
from portal.platform.i18n import Message, _
from portal.platform.refusals import NotFound
from portal.platform.work import View

TYPED = _("Another price was typed.")
_OFFER = ("id", "currency", "unit_price", "base_quantity", "unit")
_BOUNDS = ("minimum_quantity", "maximum_quantity", "valid_from", "valid_to")
_TOLD = ("source", "contract_id", "contract", "by_delivery", *_OFFER[1:], *_BOUNDS)


async def explain_price(view: View, order_id: UUID, line_id: UUID) -> PriceExplained:
    """By contracts and price lists as they were when the line was entered; unseen is 404."""
    order = await order_row(view, order_id)
    line = next((line for line in await view.part(LINES, order_id) if line.id == line_id), None)
    if line is None:
        raise NotFound()
    offers = await _offers(view, order, line) if line.item_id else []
    day = local_date(line.priced_at or order.created_at, view.actor.time_zone)
    asked = Asked(line.ordered_quantity or line.quantity, line.unit, order.currency, day, line.requested_date)
    return PriceExplained(
        order_id=order.id,
        number=order.number,
        line=line.line,
        description=line.description,
        quantity=asked.quantity,
        currency=order.currency,
        **{name: getattr(line, name) for name in ("unit", "unit_price", "base_quantity", "price_unit", "discount")},
        contract_id=line.contract_id,
        contract_price=line.contract_price,
        departs=departs(line),
        candidates=[_candidate(each, line) for each in judged(offers, asked)],
    )


async def _offers(view: View, order: PurchaseOrder, line: PurchaseOrderLine) -> list[Offer]:
    assert line.item_id is not None
    at = line.priced_at or order.created_at
    agreed = await offered_then(view, line.item_id, order.buyer_id, order.supplier_id, at)
    return [*agreed, *_listed(await lists_between(view, line.item_id, order.buyer_id, order.supplier_id))]


def _listed(records: Iterable[Any]) -> Iterable[Offer]:
    for record in records:
        values = {name: record[name] for name in (*_OFFER, *_BOUNDS)}
        yield Offer(source="list", contract_id=None, contract="", **values)


def _candidate(each: Judged, line: PurchaseOrderLine) -> PriceCandidate:
    reason = each.reason or _against_winner(each.offer, line)
    told = {name: getattr(each.offer, name) for name in _TOLD}
    told["valid_from"], told["valid_to"] = _days(each.offer)
    return PriceCandidate(**told, won=reason is None, reason=str(reason or ""))


def _days(offer: Offer) -> tuple[date | None, date | None]:
    """The price's own days, else those of its contract or list."""
    return offer.begins or offer.valid_from, offer.ends or offer.valid_to


def _against_winner(offer: Offer, line: PurchaseOrderLine) -> Message | None:
    """A price that was typed beats the one that would have held."""
    if offer.source == "contract":
        return TYPED if departs(line) else None
    same = (line.unit_price, line.base_quantity, line.price_unit) == (offer.unit_price, offer.base_quantity, offer.unit)
    return None if same and not line.discount else TYPED
