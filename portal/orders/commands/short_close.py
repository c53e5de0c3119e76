"""Closing one line short: the ordered quantity stays, what is still open of it goes; and taking that back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from portal.orders.commands.call_offs import call_off
from portal.orders.commands.ledger import post
from portal.orders.commands.lines import lines_of
from portal.orders.commands.overtaken import overtake
from portal.orders.events import LineClosedShort, LineReopened, OrderClosed
from portal.orders.rules import agreed_quantities, finished, remaining, taken_off
from portal.orders.states import ORDER, against_closing_lines
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.platform.actor import Actor
from portal.platform.decimals import difference, plain
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Invalid, NotFound
from portal.platform.work import Change, changing


class Closed(NamedTuple):
    """The order and the line as they are now; `over` says that nothing else was open and the order closed with it."""

    order: PurchaseOrder
    line: PurchaseOrderLine
    over: bool = False


async def close_line(actor: Actor, order_id: UUID, line_id: UUID, reason: str = "") -> Closed:
    """Stop waiting for what is still open of a line; both sides read why.

    What left, came or was billed by then stays wanted: it may still come and be billed. The order closes with its last
    open line. Raises `Invalid` without a reason, `Conflict` where nothing is open, while the order is on hold, or while
    a counter-offer waits.
    """
    if not reason.strip():
        raise Invalid.field("reason", _("Say why: the supplier reads it beside the line."))
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        lines, line = await _line(change, order, line_id)
        wanted = next(quantity for each, quantity in agreed_quantities(lines) if each.id == line.id)
        stays = remaining(line)
        if line.short_closed or stays >= wanted:
            raise Conflict(_("Nothing of line {line} is open.", line=line.line), subject_id=order.id)
        line.short_closed, line.closed_to = True, stays
        line.short_closed_at, line.short_close_reason = change.now, reason
        goes = difference(wanted, stays)
        change.record(LineClosedShort(order.id, line.id, line.line, line.description, stays, goes, reason), order)
        over = finished(lines)
        if over:
            ORDER.take("close", order, change)
            order.closed_at = change.now
            change.record(OrderClosed(order.id), order)
            await overtake(change, order)
        await call_off(change, order, lines)
        _write(change, order, lines, line)
    return Closed(order, line, over)


async def reopen_line(actor: Actor, order_id: UUID, line_id: UUID) -> Closed:
    """Wait again for what was open of a line before it was closed short, while the order goes on."""
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        lines, line = await _line(change, order, line_id)
        if not line.short_closed:
            raise Conflict(_("Line {line} was not closed short.", line=line.line), subject_id=order.id)
        if taken_off(line):
            raise Conflict(_("Line {line} was taken off. Add it again.", line=line.line), subject_id=order.id)
        line.closed_before = [*line.closed_before, _was(line, change.now)]
        line.short_closed, line.closed_to = False, None
        line.short_closed_at, line.short_close_reason = None, ""
        change.record(LineReopened(order.id, line.id, line.line, line.description), order)
        await call_off(change, order, lines)
        _write(change, order, lines, line)
    return Closed(order, line)


def _was(line: PurchaseOrderLine, until: datetime) -> dict[str, str]:
    """That the line was closed short for a time: what was open of it on a day of that time stays as it was."""
    since: Any = line.short_closed_at
    stayed: Any = line.closed_to
    return {"since": since.isoformat(), "until": until.isoformat(), "closed_to": plain(stayed)}


async def _line(change: Change, order: PurchaseOrder, line_id: UUID) -> tuple[list[PurchaseOrderLine], Any]:
    change.require("orders:close", order)
    if against := against_closing_lines(order):
        raise Conflict(against, subject_id=order.id)
    lines = await lines_of(change, order.id)
    line = next((line for line in lines if line.id == line_id), None)
    if line is None:
        raise NotFound()
    return lines, line


def _write(change: Change, order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], line: PurchaseOrderLine) -> None:
    change.write_all([line])
    post(change, order, lines, ())
