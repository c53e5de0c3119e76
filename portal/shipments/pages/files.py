"""The list of despatch advices as a file."""

from collections.abc import Sequence
from typing import Any

from portal.access.guards import may
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.work import View
from portal.shipments import queries
from portal.shipments.pages.lists import NEWEST, ListForm, filter_of
from portal.shipments.pages.show import ARRIVAL
from portal.shipments.states import NAMES
from portal.web.listing import Column, Listing, Rows, as_files, local


def _columns(actor: Actor) -> Sequence[Column]:
    return [
        Column(_("Number"), lambda advice: advice.number),
        Column(_("State"), lambda advice: NAMES[advice.state]),
        Column(_("Arrival"), lambda advice: ARRIVAL[advice.receipt_status].label if advice.despatched_at else ""),
        Column(_("Orders"), lambda advice: ", ".join(order.number for order in advice.orders)),
        Column(_("Customer"), lambda advice: advice.buyer.name),
        Column(_("Supplier"), lambda advice: advice.supplier.name),
        Column(_("Despatch date"), lambda advice: advice.despatch_date),
        Column(_("Expected"), lambda advice: advice.expected_date),
        Column(_("Carrier"), lambda advice: advice.carrier),
        Column(_("Tracking number"), lambda advice: advice.tracking_number),
        local(actor, _("Despatched"), lambda advice: advice.despatched_at),
    ]


async def _fetch(view: View, asked: Any, cursor: str | None, limit: int) -> Rows:
    page = await queries.advices(view, filter_of(asked), sort=asked.sort or NEWEST, cursor=cursor, limit=limit)
    return page.items, page.next_cursor


_LISTING = Listing("/despatch-advices", "despatch-advices", ListForm, _columns, _fetch)
HANDLERS = as_files(_LISTING, may("despatch-advices:read"))
