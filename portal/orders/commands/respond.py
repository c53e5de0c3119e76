"""The supplier's answer to an issued order."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import repeat
from typing import Any, NamedTuple
from uuid import UUID

from portal.access.duties import duties, separate
from portal.orders.commands.agree import Schedule, agree_on, schedule_of
from portal.orders.commands.call_offs import call_off
from portal.orders.commands.lines import lines_of
from portal.orders.commands.overtaken import settle
from portal.orders.events import OrderAccepted, OrderAcknowledged, OrderCountered, OrderRejected, OrderViewed
from portal.orders.forms import ResponseForm, ResponseLineForm, ResponseLineOut, ResponseOut
from portal.orders.queries.parts import RESPONSES, SCHEDULE, told_of
from portal.orders.rules import Agreed, agreed, by_line, carried, gross_agreed, impossible, inside, offered_unapproved
from portal.orders.states import ORDER
from portal.orders.tables import OrderResponse, OrderResponseLine, PurchaseOrder, PurchaseOrderLine
from portal.organisations.queries import terms
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.money import AmountTooLarge
from portal.platform.refusals import Invalid, NotFound
from portal.platform.work import Change, changing


class Answer(NamedTuple):
    """A response just given, and what the order is now."""

    response: OrderResponse
    order: PurchaseOrder


async def respond(actor: Actor, order_id: UUID, form: ResponseForm) -> Answer:
    """Answer the present revision. AB, AP and RE carry no lines; CA carries at least one (Peppol BIS Ordering 3)."""
    _check_shape(form)
    parts = (*told_of(order_id), SCHEDULE.of(order_id), duties(actor, order_id))
    async with changing(actor, PurchaseOrder, order_id, *parts) as (change, order):
        await separate(change, "orders:respond", order.id)
        return await _ANSWERS[form.code](change, order, form)


async def mark_viewed(actor: Actor, order_id: UUID) -> None:
    """Note once that the supplier opened the order; viewing is not acknowledging."""
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        if order.viewed_at is None and order.shown_to == actor.organisation_id:
            order.viewed_at = change.now
            change.write(order)
            change.record(OrderViewed(order.id), order)


async def _acknowledge(change: Change, order: PurchaseOrder, form: ResponseForm) -> Answer:
    ORDER.take("acknowledge", order, change)
    order.acknowledged_at = change.now
    response = _response(change, order, form, "recorded")
    change.write(order)
    change.record(OrderAcknowledged(order.id, response.id), order)
    return Answer(response, order)


async def confirm(change: Change, order: PurchaseOrder, form: ResponseForm) -> Answer:
    """AP: all of it as the order has it."""
    ORDER.take("accept", order, change)
    order.responded_at = change.now
    response = _response(change, order, form, "accepted")
    lines = await lines_of(change, order.id)
    schedule = await schedule_of(change, order)
    offers = [agreed(line, (), schedule.get(line.id, ())) for line in lines]
    promised = await agree_on(change, order, lines, offers, schedule)
    change.write(order)
    change.record(OrderAccepted(order.id, response.id, order.revision), order)
    change.record(promised, order)
    return Answer(response, order)


async def _reject(change: Change, order: PurchaseOrder, form: ResponseForm) -> Answer:
    ORDER.take("reject", order, change)
    order.responded_at = order.rejected_at = change.now
    order.reason = form.reason or ""
    response = _response(change, order, form, "recorded")
    await settle(change, order, "refuse")
    await call_off(change, order, await lines_of(change, order.id))
    change.write(order)
    change.record(OrderRejected(order.id, response.id, order.reason), order)
    return Answer(response, order)


async def _counter(change: Change, order: PurchaseOrder, form: ResponseForm) -> Answer:
    """A counter-offer: inside the buyer's tolerances, and of what was approved, it is accepted at once; else the buyer
    decides."""
    lines = await lines_of(change, order.id)
    schedule = await schedule_of(change, order)
    today = local_date(change.now, change.actor.time_zone)
    offers, gross = offered(lines, form.lines or [], schedule, order.currency, today)
    agreement = await terms(change, order.buyer_id, order.supplier_id)
    if agreement is None:
        raise NotFound()
    approved = carried(order, gross) and not offered_unapproved(lines, offers)
    taken = approved and all(map(inside, lines, offers, repeat(agreement.tolerance)))
    ORDER.take("accept" if taken else "counter", order, change)
    order.responded_at = change.now
    change.write(order)
    if not taken:
        response = _response(change, order, form, "pending", gross)
        change.record(OrderCountered(order.id, response.id), order)
        return Answer(response, order)
    response = _response(change, order, form, "accepted", gross)
    promised = await agree_on(change, order, lines, offers, schedule, agreement)
    change.record(OrderAccepted(order.id, response.id, order.revision), order)
    change.record(promised, order)
    return Answer(response, order)


_ANSWERS: dict[str, Callable[[Change, PurchaseOrder, ResponseForm], Any]] = {
    "AB": _acknowledge,
    "AP": confirm,
    "RE": _reject,
    "CA": _counter,
}


def _check_shape(form: ResponseForm) -> None:
    if form.code == "CA" and not form.lines:
        raise Invalid.field("lines", _("An answer with changes names at least one line."))
    if form.code != "CA" and form.lines:
        raise Invalid.field("lines", _("Only an answer with changes (CA) names lines."))


def offered(
    lines: Sequence[PurchaseOrderLine], given: Sequence[Any], schedule: Schedule, currency: str, today: date
) -> tuple[list[Agreed], Decimal]:
    """What each line would come to, and the order's gross; `Invalid` with everything that no answer can say."""
    if errors := impossible(given, lines, currency, today):
        raise Invalid(errors=errors)
    grouped = by_line(given)
    offers = [agreed(line, grouped.get(line.line, ()), schedule.get(line.id, ())) for line in lines]
    try:
        return offers, gross_agreed(lines, offers, currency)
    except AmountTooLarge as error:
        raise Invalid.field("lines", error.message) from error


def _response(
    change: Change, order: PurchaseOrder, form: ResponseForm, state: str, gross: Decimal | None = None
) -> OrderResponse:
    response = change.add(
        OrderResponse(
            id=new_id(),
            order_id=order.id,
            buyer_id=order.buyer_id,
            supplier_id=order.supplier_id,
            shown_to=order.buyer_id,
            revision=order.revision,
            code=form.code,
            state=state,
            reason=form.reason or "",
            gross=gross,
            created_by=change.actor.person_id,
            created_at=change.now,
        )
    )
    seen: Counter[int] = Counter()
    lines = change.add_all(OrderResponseLine, [_row(response, answer, seen) for answer in form.lines or []])
    if (before := change.kept(RESPONSES, order.id)) is not None:
        change.keep(RESPONSES.of(order.id), [*before, _told(response, lines)])
    return response


def _told(response: OrderResponse, lines: Sequence[OrderResponseLine]) -> ResponseOut:
    in_sequence = sorted(lines, key=lambda line: (line.line, line.sequence))
    own = {name: getattr(response, name) for name in ResponseOut.__struct_fields__ if name != "lines"}
    return ResponseOut(**own, lines=[_line_told(line) for line in in_sequence])


def _line_told(line: OrderResponseLine) -> ResponseLineOut:
    return ResponseLineOut(**{name: getattr(line, name) for name in ResponseLineOut.__struct_fields__})


def _row(response: OrderResponse, answer: ResponseLineForm, seen: Counter[int]) -> dict[str, Any]:
    """One answered line; `seen` counts the parts of each line so far."""
    seen[answer.line] += 1
    return {
        "id": new_id(),
        "response_id": response.id,
        "order_id": response.order_id,
        "supplier_id": response.supplier_id,
        "shown_to": response.shown_to,
        "line": answer.line,
        "sequence": seen[answer.line],
        "code": answer.code,
        "quantity": answer.quantity,
        "unit_price": answer.unit_price,
        "promised_date": answer.promised_date,
        "substitute_item": answer.substitute_item or "",
        "reason": answer.reason or "",
    }
