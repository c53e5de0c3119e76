"""What a receipt is booked on: the order lines and lines of a delivery behind a form, or what speaks against it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from portal.access.guards import allowed
from portal.platform.decimals import ZERO, total
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, FieldError, Invalid, NotFound
from portal.platform.work import Change
from portal.receipts import queries
from portal.receipts.forms import ReceiptForm, ReceiptLineForm
from portal.receipts.queries import ReceivableLine
from portal.receipts.rules import Came, Share, awaited, spread
from portal.shipments.commands import Delivery, delivery

Places = list[Any] | None


class Entry(NamedTuple):
    """One line of a receipt to be: what it is of, how much came, and what was wrong with it."""

    goods: ReceivableLine
    came: Came
    reason: str


class AlreadyReceived(Conflict):
    """Somebody else received this delivery, or a part of it; `errors` names each line."""

    title = _("This was received already")

    def __init__(self, errors: Sequence[FieldError], advice_id: UUID) -> None:
        super().__init__(errors[0].message, subject_id=advice_id)
        self.errors = tuple(errors)


async def expected(change: Change, form: ReceiptForm) -> Delivery | None:
    """The despatch advice that the goods belong to, locked, if the form names one."""
    if form.despatch_advice_id is None:
        return None
    try:
        return await delivery(change, form.despatch_advice_id)
    except NotFound:
        message = _("This is not a despatch advice that was sent to you.")
        raise Invalid.field("despatch_advice_id", message) from None


async def goods_of(change: Change, form: ReceiptForm, arriving: Delivery | None) -> list[Entry]:
    """An entry for each line of the form; for several where it spreads over batches of the delivery."""
    found = await queries.receivable(change, [line.order_line_id for line in form.lines])
    known = {key: goods for key, goods in found.items() if allowed(change.actor, "goods-receipts:create", goods)}
    first = next((known[line.order_line_id] for line in form.lines if line.order_line_id in known), None)
    places = _places(form.lines, arriving)
    errors = [
        FieldError(f"lines.{number}.{name}", message)
        for number, line in enumerate(form.lines)
        for name, message in _problems(line, known.get(line.order_line_id), first, places[number])
    ]
    if errors:
        raise Invalid(errors=errors)
    if arriving is not None:
        _require_awaited(arriving.advice.id, places)
    return _entries(form, known, places)


def _places(lines: Sequence[ReceiptLineForm], arriving: Delivery | None) -> list[Places]:
    """For each line of the form the lines of the delivery that it may belong to; None without a delivery."""
    if arriving is None:
        return [None if line.despatch_line_id is None else [] for line in lines]
    of_order_line: dict[UUID, list[Any]] = {}
    for place in arriving.lines:
        of_order_line.setdefault(place.order_line_id, []).append(place)
    return [
        [place for place in of_order_line.get(line.order_line_id, ()) if line.despatch_line_id in (None, place.id)]
        for line in lines
    ]


def _problems(
    line: ReceiptLineForm, goods: ReceivableLine | None, first: ReceivableLine | None, places: Places
) -> list[tuple[str, Message]]:
    if goods is None or first is None:
        return [("order_line_id", _("This is not a line of one of your orders."))]
    if goods.is_service:
        return [("order_line_id", _("Line {line} is a service: it is accepted by a service entry.", line=goods.line))]
    if not goods.is_goods:
        return [("order_line_id", _("Line {line} is a charge: it is invoiced and never received.", line=goods.line))]
    if goods.supplier_id != first.supplier_id:
        message = _("A goods receipt is of one supplier; this line is of {supplier}.", supplier=goods.supplier_name)
        return [("order_line_id", message)]
    if goods.site_id != first.site_id:
        told = {"line": goods.line, "order": goods.order_number}
        message = _("Line {line} of {order} goes to another site. Receive it there.", **told)
        return [("order_line_id", message)]
    if places is not None and not places:
        name = "order_line_id" if line.despatch_line_id is None else "despatch_line_id"
        return [(name, _("This line is not on the despatch advice."))]
    return []


def _require_awaited(advice_id: UUID, places: Sequence[Places]) -> None:
    """A line of which everything came takes no more: most often somebody else has just booked the same delivery."""
    errors = []
    for number, lines in enumerate(places):
        if lines and not any(awaited(line, {}) > ZERO for line in lines):
            message = _(
                "Line {line}: all of this despatch was received already. What came besides is received on the order.",
                line=lines[0].line,
            )
            errors.append(FieldError(f"lines.{number}.accepted", message))
    if errors:
        raise AlreadyReceived(errors, advice_id)


def _entries(form: ReceiptForm, known: Mapping[UUID, ReceivableLine], places: Sequence[Places]) -> list[Entry]:
    entries: list[Entry] = []
    just_now: dict[UUID, Decimal] = {}
    for number, line in enumerate(form.lines):
        goods, rejected = known[line.order_line_id], line.rejected or ZERO
        waits = line.in_inspection or ZERO
        shares = [Share(None, line.accepted, rejected, waits)]
        if of_delivery := places[number]:
            shares = spread(line.accepted, rejected, of_delivery, just_now, waits)
        for place, good, bad, unjudged in shares:
            if place is not None:
                just_now[place.id] = total((just_now.get(place.id, ZERO), good, bad, unjudged))
            despatch_line_id = place.id if place is not None else None
            again = bad if line.replacement else ZERO
            field = f"lines.{number}.accepted"
            came = Came(goods.order_id, goods.id, despatch_line_id, good, bad, again, field, unjudged)
            entries.append(Entry(goods, came, line.reason or ""))
    return entries
