"""The list of service entries as a file."""

from collections.abc import Sequence
from typing import Any

from portal.access.guards import allowed, may
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.work import View
from portal.services import queries
from portal.services.pages.lists import NEWEST, ListForm, filter_of
from portal.services.states import NAMES
from portal.web.listing import Column, Listing, Rows, as_files, local


def _columns(actor: Actor) -> Sequence[Column]:
    priced = (Column(_("Currency"), lambda entry: entry.currency), Column(_("Net"), lambda entry: entry.net))
    return [
        Column(_("Number"), lambda entry: entry.number),
        Column(_("State"), lambda entry: NAMES[entry.state]),
        Column(_("Order"), lambda entry: entry.order_number),
        Column(_("Customer"), lambda entry: entry.buyer.name),
        Column(_("Supplier"), lambda entry: entry.supplier.name),
        Column(_("Performed from"), lambda entry: entry.performed_from),
        Column(_("Performed until"), lambda entry: entry.performed_until),
        Column(_("Reference"), lambda entry: entry.reference),
        local(actor, _("Submitted"), lambda entry: entry.submitted_at),
        local(actor, _("Decided"), lambda entry: entry.decided_at),
        *(priced if allowed(actor, "prices:read") else ()),
    ]


async def _fetch(view: View, asked: Any, cursor: str | None, limit: int) -> Rows:
    page = await queries.entry_list(
        view, filter_of(asked), sort=asked.sort or NEWEST, cursor=cursor, limit=limit, counted=False
    )
    return page.rows, page.older


HANDLERS = as_files(
    Listing("/service-entries", "service-entries", ListForm, _columns, _fetch), may("service-entries:read")
)
