"""The list of goods receipts as a file."""

from collections.abc import Sequence
from typing import Any

from portal.access.guards import may
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.work import View
from portal.receipts import queries
from portal.receipts.pages.lists import NEWEST, ListForm, filter_of
from portal.receipts.states import NAMES
from portal.web.listing import Column, Listing, Rows, as_files, local


def _columns(actor: Actor) -> Sequence[Column]:
    return [
        Column(_("Number"), lambda receipt: receipt.number),
        Column(_("State"), lambda receipt: NAMES[receipt.state]),
        Column(_("Orders"), lambda receipt: ", ".join(order.number for order in receipt.orders)),
        Column(_("Despatch advice"), lambda receipt: receipt.despatch_advice_number),
        Column(_("Customer"), lambda receipt: receipt.buyer.name),
        Column(_("Supplier"), lambda receipt: receipt.supplier.name),
        local(actor, _("Delivered"), lambda receipt: receipt.delivered_at),
        local(actor, _("Booked"), lambda receipt: receipt.booked_at),
        Column(_("Delivery note"), lambda receipt: receipt.delivery_note),
        Column(_("Rejected in part"), lambda receipt: _("Yes") if receipt.has_rejected else ""),
    ]


async def _fetch(view: View, asked: Any, cursor: str | None, limit: int) -> Rows:
    page = await queries.receipts(view, filter_of(asked), sort=asked.sort or NEWEST, cursor=cursor, limit=limit)
    return page.items, page.next_cursor


HANDLERS = as_files(Listing("/receipts", "goods-receipts", ListForm, _columns, _fetch), may("goods-receipts:read"))
