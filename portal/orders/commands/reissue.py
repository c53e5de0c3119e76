"""The buyer's change of an issued order: what it makes of the order, and issuing that as the next revision."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from portal.orders.commands.agree import Schedule
from portal.orders.commands.call_offs import call_off
from portal.orders.commands.draft import searched
from portal.orders.commands.entry import Place, item_tolerances, rows_added, schedule_row
from portal.orders.commands.issue import due_at, freeze_approval, freeze_ceilings
from portal.orders.commands.ledger import Movement, post
from portal.orders.commands.lines import set_totals
from portal.orders.commands.overtaken import overtake, supersede
from portal.orders.commands.proposal import version_of
from portal.orders.commands.revision import next_revision
from portal.orders.events import OrderRevised, Wish
from portal.orders.forms import ChangeForm, ChangeLineForm
from portal.orders.rules import alter, impossible_change, taken_off, unapproved
from portal.orders.states import ORDER
from portal.orders.tables import OrderChange, PurchaseOrder, PurchaseOrderLine, ScheduleLine
from portal.organisations.queries import Terms
from portal.platform.decimals import ZERO, difference
from portal.platform.money import AmountTooLarge
from portal.platform.refusals import FieldError, Invalid
from portal.platform.work import Change

_LEDGER = (
    *("confirmed", "despatched", "in_inspection", "received", "accepted", "rejected", "returned"),
    *("returned_for_replacement", "invoiced", "credited"),
)


class Rewritten(NamedTuple):
    """An order as its buyer wants it, not written yet: all lines, rows of those added, and what differs of the rest."""

    lines: list[PurchaseOrderLine]
    added: list[dict[str, Any]]
    asked: list[PurchaseOrderLine]
    taken_off: list[PurchaseOrderLine]
    before: dict[str, Any]
    after: dict[str, Any]
    gross_before: Decimal


async def rewrite(
    change: Change,
    order: PurchaseOrder,
    lines: list[PurchaseOrderLine],
    schedule: Schedule,
    form: ChangeForm,
    agreement: Terms,
) -> Rewritten:
    """Change order, lines and schedule in memory; `Invalid` with everything that cannot be done.

    Whoever does not issue it writes none of these rows.
    """
    wishes, before, gross = form.lines or [], version_of(order, lines, schedule), order.gross
    errors = impossible_change(wishes, lines, order.currency)
    added = await _added(change, order, lines, wishes, errors, agreement)
    if errors:
        raise Invalid(errors=errors)
    by_number = {line.line: line for line in lines}
    concerned = [(by_number[wish.line], wish) for wish in wishes if wish.line is not None]
    for line, wish in concerned:
        _change_line(change, order, line, wish, schedule, agreement)
    for line in lines:
        if taken_off(line) and not line.short_closed:
            _close(change, line, "")
    _change_header(order, form)
    everything = [*lines, *map(PurchaseOrderLine.of, added)]
    try:
        set_totals(order, everything)
    except AmountTooLarge as error:
        raise Invalid.field("lines", error.message) from error
    return Rewritten(
        lines=everything,
        added=added,
        asked=[line for line, wish in concerned if wish.code == "3"],
        taken_off=[line for line, wish in concerned if wish.code == "7"],
        before=before,
        after=version_of(order, everything, schedule),
        gross_before=gross,
    )


def _change_header(order: PurchaseOrder, form: ChangeForm) -> None:
    if form.note is not None:
        order.note = form.note
    if form.ship_to is not None:
        order.ship_to = {name: value for name, value in _fields(form.ship_to).items() if value}


def needs_approval(order: PurchaseOrder, rewritten: Rewritten) -> bool:
    """Beyond what was approved last, however many revisions lie between. What is new was seen by no approver."""
    if rewritten.added or any(unapproved(line, line.quantity, line.unit_price) for line in rewritten.asked):
        return True
    most = rewritten.gross_before if order.approved_gross is None else order.approved_ceiling
    return most is not None and order.gross > most


async def reissue(
    change: Change,
    order: PurchaseOrder,
    asked: OrderChange,
    rewritten: Rewritten,
    schedule: Schedule,
    agreement: Terms,
    verb: str = "revise",
) -> None:
    """Issue it as the next revision: the supplier answers anew, and whatever was open about the old one is overtaken.

    Nothing of the order counts as confirmed until then.
    """
    ORDER.take(verb, order, change)
    order.acknowledged_at = order.responded_at = None
    order.reason, order.response_due_at = "", due_at(change, agreement)
    present = [line for line in rewritten.lines if line.id not in {row["id"] for row in rewritten.added}]
    change.write_all(present)
    change.write_all([row for rows in schedule.values() for row in rows])
    change.add_all(PurchaseOrderLine, rewritten.added)
    change.add_all(ScheduleLine, [schedule_row(row) | {"shown_to": row["shown_to"]} for row in rewritten.added])
    taken_back = [Movement(line.id, confirmed=difference(ZERO, line.confirmed)) for line in present if line.confirmed]
    post(change, order, rewritten.lines, taken_back)
    await call_off(change, order, rewritten.lines)
    order.search = searched(order, rewritten.lines)
    next_revision(change, order, rewritten.lines, agreement, _split(schedule))
    asked.becomes, asked.shown_to = order.revision, order.supplier_id
    change.write(order)
    wishes = tuple(wish for line in rewritten.asked for wish in _wishes(line, schedule))
    gone = tuple(line.id for line in rewritten.taken_off)
    change.record(OrderRevised(order.id, asked.id, order.revision, order.response_due_at, wishes, gone), order)
    await supersede(change, order)
    await overtake(change, order, by=asked.id)


def _wishes(line: PurchaseOrderLine, schedule: Schedule) -> Iterator[Wish]:
    for row in schedule.get(line.id, ()):
        yield Wish(row.id, line.id, row.quantity, line.quantity, line.requested_date)


async def _added(
    change: Change,
    order: PurchaseOrder,
    lines: Sequence[PurchaseOrderLine],
    wishes: Sequence[ChangeLineForm],
    errors: list[FieldError],
    agreement: Terms,
) -> list[dict[str, Any]]:
    """The rows of lines that are added, as issued lines are; their problems come to `errors`."""
    first = max(line.line for line in lines) + 1
    new = [(at, wish.added) for at, wish in enumerate(wishes) if wish.code == "1" and wish.added is not None]
    places = [Place(first + n, f"lines.{at}.added", form) for n, (at, form) in enumerate(new)]
    rows = await rows_added(change, order, places, errors)
    own = await item_tolerances(change, [row["item_id"] for row in rows])
    for row in rows:
        line = PurchaseOrderLine.of(row)
        line.tolerances = {**own.get(line.item_id, {}), **order.tolerances}
        freeze_ceilings(line, line.quantity, agreement)
        freeze_approval([line], agreement)
        row |= {name: getattr(line, name) for name in _CEILINGS} | dict.fromkeys(_LEDGER, ZERO)
        row |= {"tolerances": line.tolerances, "match_basis": row["match_basis"] or agreement.match_basis}
        row |= {"shown_to": order.supplier_id, "closed_to": None, "promised_date": None, "substitute_item": ""}
    return rows


_CEILINGS = ("despatch_ceiling", "receive_ceiling", "invoice_ceiling", "approved_quantity", "approved_price")


def _change_line(
    change: Change,
    order: PurchaseOrder,
    line: PurchaseOrderLine,
    wish: ChangeLineForm,
    schedule: Schedule,
    agreement: Terms,
) -> None:
    quantity, day = line.quantity, line.requested_date
    alter(line, wish, order.currency)
    if wish.code == "7":
        freeze_ceilings(line, ZERO, agreement)
        _close(change, line, wish.reason or "")
        return
    if line.quantity != quantity:
        freeze_ceilings(line, line.quantity, agreement)
        _spread(schedule.get(line.id, ()), line.quantity)
    if line.requested_date != day:
        line.promised_date = None
        for row in schedule.get(line.id, ()):
            row.requested_date, row.promised_date = line.requested_date, None


def _close(change: Change, line: PurchaseOrderLine, reason: str) -> None:
    """Nothing of the line is wanted: every later step knows it as closed short at nothing."""
    line.short_closed, line.closed_to, line.short_closed_at, line.short_close_reason = True, ZERO, change.now, reason


def _spread(rows: Sequence[ScheduleLine], quantity: Decimal) -> None:
    """More comes with the last delivery; less is taken from the last ones."""
    left = quantity
    for row in rows[:-1]:
        row.quantity = min(row.quantity, left)
        left = difference(left, row.quantity)
    for row in rows[-1:]:
        row.quantity = left


def _split(schedule: Schedule) -> dict[Any, list[tuple[Decimal, Any]]]:
    return {
        line_id: [(row.quantity, row.promised_date or row.requested_date) for row in rows if row.quantity > ZERO]
        for line_id, rows in schedule.items()
    }


def _fields(place: Any) -> dict[str, Any]:
    return {name: getattr(place, name) for name in place.__struct_fields__}
