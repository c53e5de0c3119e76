"""What happens when both sides agree: quantities, prices, promised dates, the delivery schedule, the next revision."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from portal.orders.commands.call_offs import call_off
from portal.orders.commands.issue import freeze_ceilings
from portal.orders.commands.ledger import Movement, post
from portal.orders.commands.overtaken import settle
from portal.orders.commands.revision import next_revision
from portal.orders.events import DeliveriesPromised, Promise
from portal.orders.queries.parts import SCHEDULE
from portal.orders.rules import Agreed, differs, gone, net_agreed
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine, ScheduleLine
from portal.organisations.queries import Terms
from portal.platform.decimals import ZERO, difference
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict
from portal.platform.work import Change

Pairs = Sequence[tuple[PurchaseOrderLine, Agreed]]
Schedule = Mapping[UUID, Sequence[ScheduleLine]]


async def schedule_of(change: Change, order: PurchaseOrder) -> Schedule:
    """The deliveries of each line, by line."""
    by_line: dict[UUID, list[ScheduleLine]] = {}
    for row in await change.part(SCHEDULE, order.id):
        by_line.setdefault(row.line_id, []).append(row)
    return by_line


async def agree_on(
    change: Change,
    order: PurchaseOrder,
    lines: Sequence[PurchaseOrderLine],
    offers: Sequence[Agreed],
    schedule: Schedule,
    agreement: Terms | None = None,
) -> DeliveriesPromised:
    """Write the agreement into the order; the caller writes its row and records the event that this returns.

    An issued revision never changes: an offer that differs from it in anything makes the next one, priced anew, under
    the buyer's tolerances (`agreement`) of today.
    """
    pairs = list(zip(lines, offers, strict=True))
    revised = any(differs(line, offer, schedule.get(line.id, ())) for line, offer in pairs)
    await settle(change, order, "agree")
    if revised:
        assert agreement is not None, "an order always has its trading relationship"
        _require_room(order, pairs)
        take_over_offers(order, pairs, agreement)
    confirmed = [Movement(line.id, confirmed=difference(offer.confirmed, line.confirmed)) for line, offer in pairs]
    post(change, order, lines, confirmed)
    for line, offer in pairs:
        line.promised_date = offer.promised_date
    promises = _reschedule(change, pairs, schedule)
    if revised and agreement is not None:
        next_revision(change, order, lines, agreement, {line.id: offer.deliveries for line, offer in pairs})
        await call_off(change, order, lines)
    return DeliveriesPromised(order.id, promises)


def _require_room(order: PurchaseOrder, pairs: Pairs) -> None:
    """What left, came or was billed while the offer waited is not undone by agreeing on less."""
    for line, offer in pairs:
        if offer.confirmed != line.quantity and offer.confirmed < gone(line):
            raise Conflict(
                _(
                    "Line {line}: {done} left already, came or were invoiced, and {offered} are offered. Decline it.",
                    line=line.line,
                    done=gone(line),
                    offered=offer.confirmed,
                ),
                subject_id=order.id,
            )


def take_over_offers(order: PurchaseOrder, pairs: Pairs, agreement: Terms) -> None:
    """The line is what was agreed. One that is not taken keeps its quantity to be seen, costs nothing, and lets nothing
    through."""
    for line, offer in pairs:
        line.net = net_agreed(line, offer, order.currency)
        if offer.confirmed != line.quantity:
            freeze_ceilings(line, offer.confirmed, agreement)
            if offer.confirmed > ZERO:
                line.ordered_quantity = line.ordered_quantity or line.quantity
                line.quantity = offer.confirmed
        if offer.unit_price not in (None, line.unit_price):
            line.unit_price, line.free_of_charge = offer.unit_price, offer.unit_price == ZERO
        line.substitute_item = offer.substitute_item or line.substitute_item


def _reschedule(change: Change, pairs: Pairs, schedule: Schedule) -> tuple[Promise, ...]:
    """Each line's schedule as agreed: the first delivery keeps the schedule line's identity, a split adds more, and
    what of an earlier split is agreed on no more stays without a quantity."""
    promises, kept, added = [], [], []
    for line, offer in pairs:
        present = schedule.get(line.id, ())
        for row in present[len(offer.deliveries) or len(present) :]:
            row.quantity, row.promised_date = ZERO, None
            kept.append(row)
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
    copied = ("order_id", "buyer_id", "supplier_id", "shown_to", "requested_date")
    return {
        "id": new_id(),
        "line_id": line.id,
        **{name: getattr(line, name) for name in copied},
        "sequence": sequence,
        "quantity": quantity,
        "promised_date": day,
    }
