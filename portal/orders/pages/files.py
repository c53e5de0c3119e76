"""The list of orders as a file."""

from collections.abc import Sequence
from typing import Any

from portal.access.guards import allowed, may
from portal.orders.pages.lists import USUAL, ListForm, filter_of, progress_of
from portal.orders.queries import orders
from portal.orders.states import NAMES, S
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.work import View
from portal.web.listing import Column, Listing, Rows, as_files, local
from portal.web.looks import look


def _columns(actor: Actor) -> Sequence[Column]:
    priced = [
        Column(_("Currency"), lambda order: order.currency),
        Column(_("Net"), lambda order: order.totals.net),
        Column(_("Tax"), lambda order: order.totals.tax),
        Column(_("Total"), lambda order: order.totals.gross),
    ]
    return [
        Column(_("Order"), lambda order: order.number),
        Column(_("Revision"), lambda order: order.revision),
        Column(_("State"), lambda order: NAMES[S(order.state)]),
        Column(_("On hold"), lambda order: _("Yes") if order.on_hold else ""),
        Column(_("Customer"), lambda order: order.buyer.name),
        Column(_("Supplier"), lambda order: order.supplier.name),
        local(actor, _("Created"), lambda order: order.created_at),
        Column(_("Requested"), lambda order: order.requested_date),
        local(actor, _("Answer due"), lambda order: order.response_due_at),
        Column(_("Despatched"), lambda order: look(progress_of(order)[0]).label),
        Column(_("Received"), lambda order: look(progress_of(order)[1]).label),
        Column(_("Invoiced"), lambda order: look(progress_of(order)[2]).label),
        Column(_("Lines closed short"), lambda order: order.lines_closed_short),
        *(priced if allowed(actor, "prices:read") else ()),
    ]


async def _fetch(view: View, asked: Any, cursor: str | None, limit: int) -> Rows:
    page = await orders(view, filter_of(asked), sort=asked.sort or USUAL, cursor=cursor, limit=limit)
    return page.items, page.next_cursor


HANDLERS = as_files(Listing("/orders", "orders", ListForm, _columns, _fetch), may("orders:read"))
