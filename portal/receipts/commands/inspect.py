"""Deciding on goods that wait in inspection, and taking such a decision back."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.access.duties import separate
from portal.orders.commands import book_each, require_not_billed
from portal.platform.actor import Actor
from portal.platform.decimals import ZERO, difference, plain, total
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, FieldError, Invalid, NotFound
from portal.platform.units import short
from portal.platform.work import Change, changing
from portal.receipts import queries
from portal.receipts.commands.figures import movements, told
from portal.receipts.commands.reverse import require_not_replaced
from portal.receipts.events import GoodsInspected, InspectionReversed
from portal.receipts.forms import InspectionForm, InspectionLineForm, ReceiptLineOut
from portal.receipts.rules import Came
from portal.receipts.states import INSPECTION, S
from portal.receipts.tables import GoodsInspection, GoodsReceipt

PERMISSION = "goods-receipts:inspect"


async def inspect(actor: Actor, receipt_id: UUID, form: InspectionForm) -> GoodsReceipt:
    """Accept or reject what waits in inspection, all of it or a part; the supplier sees it at once.

    Raises `Conflict` naming every line of which less waits. Closed orders are no obstacle: their goods came.
    """
    async with changing(actor, GoodsReceipt, receipt_id) as (change, receipt):
        _require_booked(receipt)
        lines = {line.id: line for line in (await queries.out_of(change, receipt)).lines}
        await _allow(change, [line.order_line_id for line in lines.values()])
        _require_waiting(receipt, lines, form.lines)
        pairs = [(lines[each.receipt_line_id], each) for each in form.lines]
        rows = [_row(change, receipt, line, each) for line, each in pairs]
        found = [_found(GoodsInspection.of(row), f"lines.{n}.accepted") for n, row in enumerate(rows)]
        await _book(change, receipt, found)
        change.add_all(GoodsInspection, rows)
        for order_id in _orders(found):
            change.record(GoodsInspected(receipt.id, order_id, told(found, order_id)), receipt, root_id=order_id)
    return receipt


async def reverse_inspection(actor: Actor, receipt_id: UUID, inspection_id: UUID, reason: str = "") -> GoodsReceipt:
    """Take an inspection back, once: its goods wait again.

    What was accepted and invoiced stays so until it is credited, and what was rejected and came again stays rejected.
    """
    async with changing(actor, GoodsReceipt, receipt_id) as (change, receipt):
        row = await change.row(GoodsInspection, inspection_id)
        if row.receipt_id != receipt.id:
            raise NotFound()
        await _allow(change, [row.order_line_id])
        INSPECTION.take("reverse", row, change)
        undone = [_turned(_found(row))]
        booked = await _book(change, receipt, undone)
        line = [each for order in booked.values() for each in order.lines if each.id == row.order_line_id]
        if row.accepted > ZERO:
            require_not_billed([each for each in line if each.match_basis == "four_way"], receipt.id)
        require_not_replaced(receipt.id, undone, booked)
        row.reversed_by, row.reversed_at, row.reversal_reason = actor.person_id, change.now, reason
        change.write(row)
        event = InspectionReversed(receipt.id, row.order_id, told([_found(row)], row.order_id))
        change.record(event, receipt, root_id=row.order_id)
    return receipt


async def _book(change: Change, receipt: GoodsReceipt, found: Sequence[Came]) -> Any:
    booked = await book_each(change, movements(found), also_closed=True)
    for order_id in booked:
        await separate(change, "goods-receipts:create", order_id)
    return booked


async def _allow(change: Change, lines: list[UUID]) -> None:
    for goods in (await queries.receivable(change, lines)).values():
        change.require(PERMISSION, goods)


def _require_booked(receipt: GoodsReceipt) -> None:
    if receipt.state != S.BOOKED:
        raise Conflict(_("This receipt was reversed: nothing of it waits."), subject_id=receipt.id)


def _require_waiting(
    receipt: GoodsReceipt, lines: dict[UUID, ReceiptLineOut], forms: Sequence[InspectionLineForm]
) -> None:
    wrong = [n for n, each in enumerate(forms) if each.receipt_line_id not in lines]
    if wrong:
        message = _("This is not a line of the goods receipt.")
        raise Invalid(errors=[FieldError(f"lines.{n}.receipt_line_id", message) for n in wrong])
    taken: dict[UUID, Decimal] = {}
    errors = []
    for number, each in enumerate(forms):
        line = lines[each.receipt_line_id]
        taken[line.id] = total((taken.get(line.id, ZERO), each.accepted or ZERO, each.rejected or ZERO))
        if taken[line.id] > line.in_inspection:
            message = _(
                "Line {line}: {left} {unit} wait in inspection.",
                line=line.line,
                left=plain(line.in_inspection),
                unit=short(line.unit),
            )
            errors.append(FieldError(f"lines.{number}.accepted", message))
    if errors:
        raise Conflict(errors[0].message, errors=errors, subject_id=receipt.id)


def _row(change: Change, receipt: GoodsReceipt, line: ReceiptLineOut, form: InspectionLineForm) -> dict[str, Any]:
    copied = ("order_id", "order_line_id", "order_number", "line", "description", "unit")
    rejected = form.rejected or ZERO
    return {
        "id": new_id(),
        "receipt_id": receipt.id,
        "receipt_line_id": line.id,
        **{name: getattr(receipt, name) for name in ("buyer_id", "supplier_id", "shown_to")},
        "version": 1,
        "state": "booked",
        **{name: getattr(line, name) for name in copied},
        "accepted": form.accepted or ZERO,
        "rejected": rejected,
        "replacement": form.replacement and rejected > ZERO,
        "reason": form.reason or "",
        "created_by": change.actor.person_id,
        "created_at": change.now,
        "reversed_by": None,
        "reversed_at": None,
        "reversal_reason": "",
    }


def _found(row: GoodsInspection, field: str = "") -> Came:
    """What leaves inspection."""
    again = row.rejected if row.replacement else ZERO
    waits = difference(ZERO, total((row.accepted, row.rejected)))
    return Came(row.order_id, row.order_line_id, None, row.accepted, row.rejected, again, field, waits)


def _turned(came: Came) -> Came:
    """The same taken back."""
    names = ("accepted", "rejected", "to_replace", "to_inspect")
    return came._replace(**{name: difference(ZERO, getattr(came, name)) for name in names})


def _orders(found: Iterable[Came]) -> list[UUID]:
    return sorted({each.order_id for each in found})
