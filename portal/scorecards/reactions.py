"""Which facts follow from what happens: written now, in the same change; kept scores and standings follow later."""

from collections.abc import Iterable
from typing import Any

from portal.invoicing.events import InvoiceMatched
from portal.orders.events import (
    DeliveriesPromised,
    LineClosedShort,
    LineReopened,
    OrderAcknowledged,
    OrderCancelled,
    OrderClosed,
    OrderCountered,
    OrderHeld,
    OrderIssued,
    OrderRejected,
    OrderReleased,
    OrderRevised,
)
from portal.platform.decimals import ZERO
from portal.platform.wiring import Job, Reaction
from portal.platform.work import Change
from portal.receipts.events import GoodsInspected, GoodsReceived, InspectionReversed, ReceiptReversed
from portal.scorecards import commands
from portal.scorecards.commands import Delivered, Invoiced
from portal.scorecards.events import ExcuseGranted, ExcuseWithdrawn, ScorecardRestated, ScoreSettingsChanged
from portal.scorecards.jobs import RECOMPUTE
from portal.services.events import ServiceAccepted, ServiceReversed


async def _issued(change: Change, event: OrderIssued) -> None:
    commands.open_facts(change, event.order_id, event.response_due_at)


async def _revised(change: Change, event: OrderRevised) -> None:
    commands.ask_anew(change, event.order_id, event.asked, event.response_due_at)
    for line_id in event.taken_off:
        commands.close_line_facts(change, line_id)


async def _acknowledged(change: Change, event: OrderAcknowledged) -> None:
    commands.note_acknowledgement(change, event.order_id)


async def _countered(change: Change, event: OrderCountered) -> None:
    commands.note_answer(change, event.order_id)


async def _rejected(change: Change, event: OrderRejected) -> None:
    commands.note_refusal(change, event.order_id)


async def _promised(change: Change, event: DeliveriesPromised) -> None:
    commands.note_promises(change, event.order_id, event.promises)


async def _cancelled(change: Change, event: OrderCancelled) -> None:
    commands.end_facts(change, event.order_id, event.cause)


async def _held(change: Change, event: OrderHeld) -> None:
    commands.note_hold(change, event.order_id)


async def _released(change: Change, event: OrderReleased) -> None:
    commands.note_release(change, event.order_id)


async def _closed(change: Change, event: OrderClosed) -> None:
    commands.close_facts(change, event.order_id)


async def _line_closed(change: Change, event: LineClosedShort) -> None:
    commands.close_line_facts(change, event.line_id)


async def _line_reopened(change: Change, event: LineReopened) -> None:
    commands.reopen_line_facts(change, event.line_id)


async def _received(change: Change, event: GoodsReceived) -> None:
    commands.book_delivery(change, event.receipt_id, event.delivered_at, _delivered(event), event.despatched_at)


async def _reversed(change: Change, event: ReceiptReversed) -> None:
    commands.undo_delivery(change, event.receipt_id, _delivered(event))


async def _inspected(change: Change, event: GoodsInspected) -> None:
    commands.note_inspection(change, event.receipt_id, _delivered(event))


async def _uninspected(change: Change, event: InspectionReversed) -> None:
    commands.note_inspection(change, event.receipt_id, _delivered(event), undone=True)


async def _performed(change: Change, event: ServiceAccepted) -> None:
    commands.book_service(change, event.entry_id, event.performed_until, _services(event))


async def _undone(change: Change, event: ServiceReversed) -> None:
    commands.undo_delivery(change, event.entry_id, _services(event))


async def _matched(change: Change, event: InvoiceMatched) -> None:
    lines = [Invoiced(line.order_line_id, line.quantity, line.net, line.exceptions) for line in event.lines]
    commands.note_match(change, event.invoice_id, event.matched, lines)


def _delivered(event: GoodsReceived | ReceiptReversed | GoodsInspected | InspectionReversed) -> list[Delivered]:
    return [Delivered(line.order_line_id, line.accepted, line.rejected, line.in_inspection) for line in event.lines]


def _services(event: ServiceAccepted | ServiceReversed) -> list[Delivered]:
    """A limit is no promise, so what is accepted under it is neither early nor late."""
    return [Delivered(line.order_line_id, line.quantity, ZERO) for line in event.lines if line.kind != "limit"]


def _rescore_all(change: Change, _event: ScoreSettingsChanged) -> Iterable[Job]:
    yield Job(RECOMPUTE, change.actor.organisation_id, {})


def _rescore(change: Change, event: Any) -> Iterable[Job]:
    """What either side does moves the score that is kept of the order's supplier."""
    yield Job(RECOMPUTE, change.actor.organisation_id, {"order_id": event.order_id})


def _rescore_moved(change: Change, event: DeliveriesPromised | OrderRevised) -> Iterable[Job]:
    """A line that is promised, or wanted, for another month counts no more in the one before."""
    yield Job(RECOMPUTE, change.actor.organisation_id, {"order_id": event.order_id, "every_month": True})


def _rescore_supplier(change: Change, event: Any) -> Iterable[Job]:
    yield Job(RECOMPUTE, change.actor.organisation_id, {"supplier_id": event.supplier_id})


# An accepted order promises in the same change, and that notes the answer too: two writes of one row must not meet.
REACTIONS = {
    OrderIssued: Reaction(now=[_issued]),
    OrderRevised: Reaction(now=[_revised], later=[_rescore_moved]),
    OrderAcknowledged: Reaction(now=[_acknowledged]),
    OrderCountered: Reaction(now=[_countered], later=[_rescore]),
    OrderRejected: Reaction(now=[_rejected], later=[_rescore]),
    DeliveriesPromised: Reaction(now=[_promised], later=[_rescore_moved]),
    OrderCancelled: Reaction(now=[_cancelled], later=[_rescore]),
    OrderHeld: Reaction(now=[_held], later=[_rescore]),
    OrderReleased: Reaction(now=[_released], later=[_rescore]),
    OrderClosed: Reaction(now=[_closed], later=[_rescore]),
    LineClosedShort: Reaction(now=[_line_closed], later=[_rescore]),
    LineReopened: Reaction(now=[_line_reopened], later=[_rescore]),
    GoodsReceived: Reaction(now=[_received], later=[_rescore]),
    ReceiptReversed: Reaction(now=[_reversed], later=[_rescore]),
    GoodsInspected: Reaction(now=[_inspected], later=[_rescore]),
    InspectionReversed: Reaction(now=[_uninspected], later=[_rescore]),
    ServiceAccepted: Reaction(now=[_performed], later=[_rescore]),
    ServiceReversed: Reaction(now=[_undone], later=[_rescore]),
    InvoiceMatched: Reaction(now=[_matched], later=[_rescore]),
    ScoreSettingsChanged: Reaction(later=[_rescore_all]),
    ExcuseGranted: Reaction(later=[_rescore_supplier]),
    ExcuseWithdrawn: Reaction(later=[_rescore_supplier]),
    ScorecardRestated: Reaction(later=[_rescore_supplier]),
}
