"""The rest of a delivery did not come: lost, or never loaded. Whoever receives says so, and why."""

from uuid import UUID

from portal.orders.commands import Movement, book_each
from portal.platform.actor import Actor
from portal.platform.decimals import ZERO, difference, total
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.work import changing
from portal.platform.work.change import expect_version
from portal.shipments.commands.arrive import delivery
from portal.shipments.events import DeliveryEnded, DespatchedLine
from portal.shipments.rules import arrival, outstanding
from portal.shipments.states import ADVICE
from portal.shipments.tables import DespatchAdvice


async def end(actor: Actor, advice_id: UUID, reason: str = "") -> DespatchAdvice:
    """End a despatch advice whose rest did not come: it counts as never despatched.

    The supplier may send it again, the buyer may close it short, cancel or close the order; goods that turn up all the
    same are received on the order. An order that is over is no obstacle. Raises `Invalid` without a reason.
    """
    if not reason.strip():
        raise Invalid.field("reason", _("Say why: the supplier reads it beside the delivery."))
    async with changing(actor) as change:
        arriving = await delivery(change, advice_id)
        expect_version(actor, arriving.advice)
        ADVICE.take("end", arriving.advice, change)
        movements: dict[UUID, list[Movement]] = {}
        for line in arriving.lines:
            rest = outstanding(line)
            line.missing = total((line.missing, rest))
            if rest > ZERO:
                lost = Movement(line.order_line_id, despatched=difference(ZERO, rest))
                movements.setdefault(line.order_id, []).append(lost)
        change.write_all(arriving.lines)
        for each in (await book_each(change, movements, also_closed=True)).values():
            change.require("goods-receipts:miss", each.order)
        advice = arriving.advice
        advice.ended_by, advice.ended_at, advice.end_reason = actor.person_id, change.now, reason.strip()
        advice.receipt_status = arrival(arriving.lines)
        change.write(advice)
        for order_id, lost in movements.items():
            rest = tuple(DespatchedLine(each.line_id, difference(ZERO, each.despatched)) for each in lost)
            change.record(DeliveryEnded(advice.id, order_id, advice.end_reason, rest), advice, root_id=order_id)
    return advice
