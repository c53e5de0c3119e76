"""Undoing a receipt that was a mistake."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.access.duties import separate
from portal.platform.actor import Actor
from portal.platform.decimals import ZERO, difference, total
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError
from portal.platform.units import short
from portal.platform.work import changing
from portal.receipts import queries
from portal.receipts.commands.figures import movements, told
from portal.receipts.events import ReceiptReversed
from portal.receipts.rules import Came, arrived
from portal.receipts.states import RECEIPT
from portal.receipts.tables import GoodsReceipt, GoodsReceiptLine
from portal.shipments.commands import book_each, delivery, note_arrival
from portal.shipments.commands.book import Booked


class NotUndone(Conflict):
    """Something rests on the receipt; `errors` names each line."""

    def __init__(self, errors: list[FieldError], receipt_id: UUID) -> None:
        super().__init__(errors[0].message, subject_id=receipt_id)
        self.errors = tuple(errors)


class InvoicedAlready(NotUndone):
    """Less would have come, or been accepted, than the supplier has invoiced by it."""

    title = _("This was invoiced already")


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
        lines = await change.rows(GoodsReceiptLine, "receipt_id = $1 order by position", receipt.id)
        for goods in (await queries.receivable(change, [line.order_line_id for line in lines])).values():
            change.require("goods-receipts:reverse", goods)
        undone = [_undone(line) for line in lines]
        if receipt.despatch_advice_id is not None:
            note_arrival(change, await delivery(change, receipt.despatch_advice_id), arrived(undone))
        booked = await book_each(change, movements(undone), also_closed=True)
        _require_not_invoiced(receipt, undone, booked)
        _require_not_replaced(receipt, undone, booked)
        for order_id in booked:
            await separate(change, "goods-receipts:reverse", order_id)
        receipt.reversed_by, receipt.reversed_at, receipt.reversal_reason = actor.person_id, change.now, reason
        change.write(receipt)
        for order_id in booked:
            event = ReceiptReversed(receipt.id, order_id, receipt.delivered_at, told(undone, order_id))
            change.record(event, receipt, root_id=order_id)
    return receipt


def _undone(line: GoodsReceiptLine) -> Came:
    accepted, rejected = difference(ZERO, line.accepted), difference(ZERO, line.rejected)
    again = rejected if line.replacement else ZERO
    return Came(line.order_id, line.order_line_id, line.despatch_line_id, accepted, rejected, again)


def _require_not_invoiced(receipt: GoodsReceipt, undone: Iterable[Came], booked: Mapping[UUID, Booked]) -> None:
    taken_back = {each.order_line_id for each in undone if each.accepted < ZERO}
    lines = [line for order in booked.values() for line in order.lines if line.id in taken_back]
    errors = [
        FieldError(
            "",
            _(
                "Line {line}: {invoiced} {unit} are invoiced already, and only {left} would remain to be paid. "
                "Ask the supplier for a credit note first.",
                line=line.line,
                invoiced=difference(line.invoiced, line.credited),
                unit=short(line.unit),
                left=_counting(line),
            ),
        )
        for line in lines
        if line.match_basis != "two_way" and _counting(line) < difference(line.invoiced, line.credited)
    ]
    if errors:
        raise InvoicedAlready(errors, receipt.id)


def _counting(line: Any) -> Decimal:
    """What of the goods that came counts for invoices; where they are matched with the order alone, none of it does."""
    if line.match_basis == "three_way":
        return difference(line.received, line.returned_for_replacement)
    return line.accepted


def _require_not_replaced(receipt: GoodsReceipt, undone: Iterable[Came], booked: Mapping[UUID, Booked]) -> None:
    """Without the replacement, what has been despatched or received by now must not be more than the order allows."""
    by_id = {line.id: line for order in booked.values() for line in order.lines}
    before = {key: line.received for key, line in by_id.items()}
    for each in undone:
        before[each.order_line_id] = difference(before[each.order_line_id], total((each.accepted, each.rejected)))
    lines = [by_id[key] for key in dict.fromkeys(each.order_line_id for each in undone if each.to_replace < ZERO)]
    errors = [
        FieldError("", _("Line {line}: what this receipt rejected was despatched or received again.", line=line.line))
        for line in lines
        if _passes(line.despatched, line, line.despatch_ceiling) or _passes(before[line.id], line, line.receive_ceiling)
    ]
    if errors:
        raise ReplacedAlready(errors, receipt.id)


def _passes(done: Decimal, line: Any, ceiling: Decimal | None) -> bool:
    return ceiling is not None and difference(done, line.returned_for_replacement) > ceiling
