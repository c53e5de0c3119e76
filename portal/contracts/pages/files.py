"""The list of contracts as a file."""

from collections.abc import Sequence
from typing import Any

from portal.access.guards import allowed, may
from portal.contracts import queries
from portal.contracts.pages.lists import NEWEST, ListForm, filter_of
from portal.contracts.states import KINDS, NAMES
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.work import View
from portal.web.listing import Column, Listing, Rows, as_files


def _columns(actor: Actor) -> Sequence[Column]:
    priced = (Column(_("Currency"), lambda each: each.currency), Column(_("At most"), lambda each: each.gross))
    return [
        Column(_("Number"), lambda each: each.number),
        Column(_("Title"), lambda each: each.title),
        Column(_("State"), lambda each: NAMES[each.state]),
        Column(_("Kind"), lambda each: KINDS[each.kind]),
        Column(_("Customer"), lambda each: each.buyer.name),
        Column(_("Supplier"), lambda each: each.supplier.name),
        Column(_("Valid from"), lambda each: each.valid_from),
        Column(_("Valid to"), lambda each: each.valid_to),
        *(priced if allowed(actor, "prices:read") else ()),
    ]


async def _fetch(view: View, asked: Any, cursor: str | None, limit: int) -> Rows:
    page = await queries.contract_list(
        view, filter_of(asked), sort=asked.sort or NEWEST, cursor=cursor, limit=limit, counted=False
    )
    return page.rows, page.older


HANDLERS = as_files(Listing("/contracts", "contracts", ListForm, _columns, _fetch), may("contracts:read"))
