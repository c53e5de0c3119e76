"""What happens when both sides agree: confirmed quantities, promised dates, prices, the delivery schedule."""

from collections.abc import Sequence
from uuid import UUID

from portal.orders.commands.issue import freeze_revision
from portal.orders.events import DeliveriesPromised, Promise
from portal.orders.rules import Agreed, net_of, totals_of
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine, ScheduleLine
from portal.organisations.queries import terms
from portal.platform.ids import new_id
from portal.platform.money import decimals
from portal.platform.work import Change


async def agree_on(
    change: Change, order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], offers: Sequence[Agreed]
) -> None:
    """Write the agreement into the lines and their schedule. Other prices or items make it a new revision."""
    terms_changed = False
    for line, offer in zip(lines, offers, strict=True):
        line.confirmed = offer.confirmed
        line.promised_date = offer.promised_date
        if offer.unit_price is not None and offer.unit_price != line.unit_price:
            line.unit_price, terms_changed = offer.unit_price, True
            line.net = net_of(line, order.currency)
        if offer.substitute_item:
            line.substitute_item, terms_changed = offer.substitute_item, True
    change.write_all(lines)
    promises = await _reschedule(change, order, lines, offers)
    if terms_changed:
        await _revise(change, order, lines, offers)
    change.record(DeliveriesPromised(order.id, promises), order)


async def _reschedule(
    change: Change, order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], offers: Sequence[Agreed]
) -> tuple[Promise, ...]:
    """Each line's schedule as agreed: the first delivery keeps the schedule line's identity, a split adds more."""
    schedule = await change.rows(ScheduleLine, "order_id = $1 order by line_id, sequence", order.id)
    by_line: dict[UUID, list[ScheduleLine]] = {}
    for row in schedule:
        by_line.setdefault(row.line_id, []).append(row)
    promises, kept, added = [], [], []
    for line, offer in zip(lines, offers, strict=True):
        present = by_line.get(line.id, [])
        for number, (quantity, day) in enumerate(offer.deliveries):
            if number < len(present):
                row = present[number]
                row.quantity, row.promised_date = quantity, day
                kept.append(row)
                row_id = row.id
            else:
                added.append(_schedule_line(line, number + 1, quantity, day))
                row_id = added[-1]["id"]
            promises.append(Promise(row_id, line.id, quantity, day))
    change.write_all(kept)
    change.add_all(ScheduleLine, added)
    return tuple(promises)


def _schedule_line(line: PurchaseOrderLine, sequence: int, quantity: object, day: object) -> dict[str, object]:
    return {
        "id": new_id(),
        "line_id": line.id,
        "order_id": line.order_id,
        "buyer_id": line.buyer_id,
        "supplier_id": line.supplier_id,
        "shown_to": line.shown_to,
        "sequence": sequence,
        "quantity": quantity,
        "requested_date": line.requested_date,
        "promised_date": day,
    }


async def _revise(
    change: Change, order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], offers: Sequence[Agreed]
) -> None:
    """An issued revision never changes: what was agreed otherwise is the next one."""
    sums = totals_of(lines, order.currency)
    order.net, order.tax, order.gross = sums.net, sums.tax, sums.gross
    order.gross_minor = int(sums.gross.scaleb(decimals(order.currency)))
    order.revision += 1
    agreement = await terms(change, order.buyer_id, order.supplier_id)
    assert agreement is not None, "an order always has its trading relationship"
    split = {line.id: offer.deliveries for line, offer in zip(lines, offers, strict=True)}
    freeze_revision(change, order, list(lines), agreement, split)
