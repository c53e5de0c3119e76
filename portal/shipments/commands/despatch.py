"""Despatching: the moment the goods leave and the buyer sees it."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from portal.orders.commands import Movement, book_each
from portal.organisations.queries import TERMS, terms
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.work import Change, changing
from portal.platform.work.parts import Root
from portal.shipments.events import DespatchedLine, GoodsDespatched
from portal.shipments.queries.parts import GOODS, LEDGERS
from portal.shipments.states import ADVICE
from portal.shipments.tables import DespatchAdvice, DespatchLine


async def despatch(actor: Actor, advice_id: UUID) -> DespatchAdvice:
    """Send the goods of a draft on their way."""
    parts = (GOODS.of(advice_id), *LEDGERS.of(advice_id), TERMS.of(Root("buyer_id"), Root("supplier_id"), None))
    async with changing(actor, DespatchAdvice, advice_id, *parts) as (change, advice):
        lines = await change.part(GOODS, advice.id)
        await leave(change, advice, lines)
        change.write_all(lines)
        change.write(advice)
    return advice


async def leave(change: Change, advice: DespatchAdvice, lines: Sequence[DespatchLine]) -> None:
    """Book the lines as despatched, freeze parties and place, show all of it to the buyer; the caller writes the rows.

    Raises `Conflict` if an order is on hold or over, `OverTolerance` naming every line past its ceiling.
    """
    ADVICE.take("despatch", advice, change)
    by_order: dict[UUID, list[Movement]] = {}
    for number, line in enumerate(lines):
        movement = Movement(line.order_line_id, despatched=line.quantity, field=f"lines.{number}.quantity")
        by_order.setdefault(line.order_id, []).append(movement)
    await book_each(change, by_order)
    await _freeze_parties(change, advice)
    advice.despatched_by, advice.despatched_at = change.actor.person_id, change.now
    advice.shown_to = advice.buyer_id
    for line in lines:
        line.shown_to = advice.buyer_id
    for order_id, movements in by_order.items():
        left = tuple(DespatchedLine(movement.line_id, movement.despatched) for movement in movements)
        change.record(GoodsDespatched(advice.id, order_id, left), advice, root_id=order_id)


async def _freeze_parties(change: Change, advice: DespatchAdvice) -> None:
    """The advice says who they were when the goods left. Without a day of its own it is of today, where they left."""
    agreed = await terms(change, advice.buyer_id, advice.supplier_id)
    assert agreed is not None, "an order always has its trading relationship"
    advice.supplier, advice.buyer = msgspec.to_builtins(agreed.supplier), msgspec.to_builtins(agreed.buyer)
    if advice.despatch_date is None:
        today = local_date(change.now, agreed.supplier.time_zone)
        advice.despatch_date = min(today, advice.expected_date or today)
