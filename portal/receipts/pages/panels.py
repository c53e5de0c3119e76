"""What receipts add to the page of an order and of a delivery: who booked what and when, and the way to the next."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from portal.access.guards import allowed
from portal.access.queries import names
from portal.orders.queries import LIVE, has_goods
from portal.platform.i18n import _
from portal.platform.wiring import Panel
from portal.platform.work import View
from portal.receipts import queries
from portal.receipts.forms import ReceiptRow
from portal.web.parts import Action, Node


class Booked(NamedTuple):
    """A receipt, who booked it, and when it was undone, if it was."""

    receipt: ReceiptRow
    who: str
    reversed_at: datetime | None


class Received(NamedTuple):
    """The receipts of an order or a delivery; `href` leads to the next one where that is possible."""

    booked: list[Booked]
    href: str

    @property
    def main(self) -> Action | None:
        return Action(_("Receive goods"), self.href, "primary", "package-import", post=False) if self.href else None

    @property
    def nodes(self) -> list[Node]:
        """What the receipts add to the history of a delivery, oldest first."""
        came = [node for each in self.booked for node in _nodes(each)]
        return sorted(came, key=lambda node: node.at or datetime.min.replace(tzinfo=UTC))


def _nodes(each: Booked) -> Iterator[Node]:
    number, at = each.receipt.number, f"/receipts/{each.receipt.id}"
    yield Node(f"{_('Received')} · {number}", each.receipt.booked_at, each.who, href=at, icon="package-import")
    if each.reversed_at is not None:
        undone = f"{_('Reversed')} · {number}"
        yield Node(undone, each.reversed_at, state="failed", href=at, icon="arrow-back-up")


async def _of_order(view: View, order: Any) -> Received | None:
    if order.shown_to is None:
        return None
    records = await queries.receipts_of_order(view, order.id)
    receives = order.buyer_id == view.actor.organisation_id and allowed(view.actor, "goods-receipts:create", order)
    due = receives and order.state in LIVE and order.receipt_status != "complete" and not order.on_hold
    due = due and await has_goods(view, order.id)
    return await _received(view, records, f"/orders/{order.id}/receive" if due else "")


async def _of_delivery(view: View, advice: Any) -> Received | None:
    if advice.shown_to is None:
        return None
    records = await queries.receipts_of_advice(view, advice.id)
    receives = advice.shown_to == view.actor.organisation_id and allowed(view.actor, "goods-receipts:create")
    due = receives and advice.receipt_status != "complete"
    return await _received(view, records, f"/despatch-advices/{advice.id}/receive" if due else "")


async def _received(view: View, records: list[Any], href: str) -> Received:
    people: dict[UUID, tuple[str, str]] = await names(view, [record["created_by"] for record in records])
    booked = [
        Booked(queries.row_of(record), people.get(record["created_by"], ("", ""))[0], record["reversed_at"])
        for record in records
    ]
    return Received(booked, href)


PANELS = {
    "purchase-order": [Panel(_of_order, "receipts/panel.html", 20, "goods-receipts:read")],
    "despatch-advice": [Panel(_of_delivery, "receipts/panel.html", 20, "goods-receipts:read")],
}
