"""Booking what came."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from portal.access.duties import separate
from portal.orders.commands import book_each
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.decimals import ZERO
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Invalid
from portal.platform.work import Change, changing
from portal.platform.work.parts import Wanted
from portal.receipts import queries
from portal.receipts.commands.figures import movements, told
from portal.receipts.commands.goods import Entry, expected, goods_of
from portal.receipts.events import GoodsReceived
from portal.receipts.forms import ReceiptForm
from portal.receipts.queries import ReceivableLine
from portal.receipts.rules import arrived
from portal.receipts.tables import GoodsReceipt, GoodsReceiptLine
from portal.shipments.commands import Delivery, left_at, note_arrival
from portal.shipments.queries import ARRIVING, GOODS, LEDGERS

_CLOCKS_DIFFER = timedelta(minutes=1)


async def create(actor: Actor, form: ReceiptForm) -> GoodsReceipt:
    """Book a receipt in the ledgers of its orders; the supplier sees it at once.

    Who approved one of the orders does not receive on it. Raises `Invalid` for lines that are not the actor's or not
    on the despatch advice, `Conflict` where an order or a ceiling is against it, naming every line.
    """
    async with changing(actor, *_parts(actor, form)) as change:
        change.require("goods-receipts:create")
        _require_past(change, form)
        arriving = await expected(change, form)
        _require_left(form, arriving)
        entries = await goods_of(change, form, arriving)
        orders = {entry.goods.order_id: entry.goods for entry in entries}
        _require_ordered(change, form, orders.values())
        came = [entry.came for entry in entries]
        await book_each(change, movements(came))
        for order_id in orders:
            await separate(change, "goods-receipts:create", order_id)
        receipt = _receipt(change, form, entries[0].goods, arriving)
        if arriving is not None:
            note_arrival(change, arriving, arrived(came))
        rows = [_line(receipt, number, entry) for number, entry in enumerate(entries, 1)]
        change.keep(queries.LINES.of(receipt.id), queries.lines_told(change.add_all(GoodsReceiptLine, rows)))
        for order_id in orders:
            left = arriving.advice.despatched_at if arriving else None
            event = GoodsReceived(receipt.id, order_id, receipt.delivered_at, told(came, order_id), left)
            change.record(event, receipt, root_id=order_id)
        receipt.number = await change.number("GR")
        change.add(receipt)
    return receipt


def _parts(actor: Actor, form: ReceiptForm) -> Iterable[Wanted]:
    """What is received, and the delivery that it comes with, locked before its orders."""
    yield queries.RECEIVABLE.of([line.order_line_id for line in form.lines], actor.organisation_id)
    if form.despatch_advice_id is not None:
        yield ARRIVING.of(form.despatch_advice_id)
        yield GOODS.of(form.despatch_advice_id)
        yield from LEDGERS.of(form.despatch_advice_id)


def _require_past(change: Change, form: ReceiptForm) -> None:
    if form.delivered_at is not None and form.delivered_at > change.now + _CLOCKS_DIFFER:
        raise Invalid.field("delivered_at", _("Goods cannot have come in the future."))


def _require_left(form: ReceiptForm, arriving: Delivery | None) -> None:
    """Goods come after they left: the moment of the despatch, or the day that it names where it was told later."""
    left = arriving and left_at(arriving.advice)
    if left is not None and form.delivered_at is not None and form.delivered_at < left - _CLOCKS_DIFFER:
        raise Invalid.field("delivered_at", _("These goods cannot have come before they left."))


def _require_ordered(change: Change, form: ReceiptForm, orders: Iterable[ReceivableLine]) -> None:
    """Goods come after they were ordered. What was agreed elsewhere may have begun before its order was kept here."""
    for order in orders:
        issued = None if order.migrated else order.issued_at
        if issued is not None and form.delivered_at is not None and form.delivered_at < issued - _CLOCKS_DIFFER:
            day = local_date(issued, change.actor.time_zone)
            message = _(
                "Order {number} was issued on {day}: its goods cannot have come before.",
                number=order.order_number,
                day=day,
            )
            raise Invalid.field("delivered_at", message)


def _receipt(change: Change, form: ReceiptForm, goods: ReceivableLine, arriving: Delivery | None) -> GoodsReceipt:
    return GoodsReceipt(
        id=new_id(),
        buyer_id=goods.buyer_id,
        supplier_id=goods.supplier_id,
        shown_to=goods.supplier_id,
        buyer_name=goods.buyer_name,
        supplier_name=goods.supplier_name,
        despatch_advice_id=arriving.advice.id if arriving else None,
        despatch_advice_number=arriving.advice.number if arriving else "",
        site_id=goods.site_id,
        delivered_at=form.delivered_at or change.now,
        booked_at=change.now,
        delivery_note=form.delivery_note or "",
        created_by=change.actor.person_id,
    )


def _line(receipt: GoodsReceipt, position: int, entry: Entry) -> dict[str, Any]:
    copied = ("order_id", "order_number", "line", "item_number", "description", "unit")
    return {
        "id": new_id(),
        "receipt_id": receipt.id,
        "buyer_id": receipt.buyer_id,
        "supplier_id": receipt.supplier_id,
        "shown_to": receipt.shown_to,
        "position": position,
        "order_line_id": entry.goods.id,
        "despatch_line_id": entry.came.despatch_line_id,
        **{name: getattr(entry.goods, name) for name in copied},
        "accepted": entry.came.accepted,
        "rejected": entry.came.rejected,
        "to_inspect": entry.came.to_inspect,
        "replacement": entry.came.to_replace > ZERO,
        "reason": entry.reason,
    }
