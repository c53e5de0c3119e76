"""Undoing a receipt that was a mistake."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.access.duties import separate
from portal.orders.commands import Booked, NotUndone, book_each, require_not_billed
from portal.platform.actor import Actor
from portal.platform.decimals import ZERO, difference, total
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError
from portal.platform.work import Change, changing
from portal.receipts import queries
from portal.receipts.commands.figures import movements, told
from portal.receipts.events import ReceiptReversed
from portal.receipts.rules import Came, arrived
from portal.receipts.states import RECEIPT
from portal.receipts.tables import GoodsReceipt, GoodsReceiptLine
from portal.shipments.commands import delivery, note_arrival


class ReplacedAlready(NotUndone):
    """What was rejected has been delivered again, or is on its way."""

    title = _("This was replaced already")


async def reverse(actor: Actor, receipt_id: UUID, reason: str = "") -> GoodsReceipt:
    """Undo a receipt, once: the ledgers and the despatch advice are as if it had not been; both sides see why.

    A closed order is no obstacle, an invoice is: goods that were invoiced stay accepted until they are credited. So is
    a replacement that was despatched or received since: it came in place of what this receipt rejected.
    """
    async with changing(actor, GoodsReceipt, receipt_id) as (change, receipt):
        RECEIPT.take("reverse", receipt, change)
        await _require_uninspected(change, receipt)
        lines = await change.rows(GoodsReceiptLine, "receipt_id = $1 order by position", receipt.id)
        for goods in (await queries.receivable(change, [line.order_line_id for line in lines])).values():
            change.require("goods-receipts:reverse", goods)
        undone = [_undone(line) for line in lines]
        if receipt.despatch_advice_id is not None:
            note_arrival(change, await delivery(change, receipt.despatch_advice_id), arrived(undone))
        booked = await book_each(change, movements(undone), also_closed=True)
        taken_back = {each.order_line_id for each in undone if each.accepted < ZERO}
        require_not_billed(
            [line for order in booked.values() for line in order.lines if line.id in taken_back], receipt_id
        )
        require_not_replaced(receipt.id, undone, booked)
        for order_id in booked:
            await separate(change, "goods-receipts:reverse", order_id)
        receipt.reversed_by, receipt.reversed_at, receipt.reversal_reason = actor.person_id, change.now, reason
        change.write(receipt)
        for order_id in booked:
            event = ReceiptReversed(receipt.id, order_id, receipt.delivered_at, told(undone, order_id))
            change.record(event, receipt, root_id=order_id)
    return receipt


async def _require_uninspected(change: Change, receipt: GoodsReceipt) -> None:
    sql = "select exists (select from goods_inspection where receipt_id = $1 and state = 'booked')"
    if await change.value(sql, receipt.id):
        message = _("Goods of this receipt were inspected. Take the inspections back first.")
        raise Conflict(message, subject_id=receipt.id)


def _undone(line: GoodsReceiptLine) -> Came:
    accepted, rejected = difference(ZERO, line.accepted), difference(ZERO, line.rejected)
    again = rejected if line.replacement else ZERO
    waits = difference(ZERO, line.to_inspect)
    return Came(line.order_id, line.order_line_id, line.despatch_line_id, accepted, rejected, again, to_inspect=waits)


def require_not_replaced(receipt_id: UUID, undone: Iterable[Came], booked: Mapping[UUID, Booked]) -> None:
    """Without the replacement, what has been despatched or received by now must not be more than the order allows."""
    by_id = {line.id: line for order in booked.values() for line in order.lines}
    before = {key: line.received for key, line in by_id.items()}
    for each in undone:
        came = total((each.accepted, each.rejected, each.to_inspect))
        before[each.order_line_id] = difference(before[each.order_line_id], came)
    lines = [by_id[key] for key in dict.fromkeys(each.order_line_id for each in undone if each.to_replace < ZERO)]
    errors = [
        FieldError("", _("Line {line}: what this receipt rejected was despatched or received again.", line=line.line))
        for line in lines
        if _passes(line.despatched, line, line.despatch_ceiling) or _passes(before[line.id], line, line.receive_ceiling)
    ]
    if errors:
        raise ReplacedAlready(errors, receipt_id)


def _passes(done: Decimal, line: Any, ceiling: Decimal | None) -> bool:
    return ceiling is not None and difference(done, line.returned_for_replacement) > ceiling
