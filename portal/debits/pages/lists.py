"""The list of debit notes on screen, and as a file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get

from portal.access.guards import Acting, allowed, may
from portal.debits import queries
from portal.debits.pages.looks import STATES
from portal.debits.states import NAMES
from portal.organisations.queries import customer_choices, supplier_choices
from portal.platform.actor import Actor
from portal.platform.fields import Line
from portal.platform.i18n import _
from portal.platform.wiring import NARROWINGS
from portal.platform.work import View, viewing
from portal.web import page
from portal.web.listing import Column, Listing, Rows, as_files
from portal.web.query import read_query

NEWEST = "-created"


class ListForm(msgspec.Struct, kw_only=True):
    """The parameters of the list's address; what else stands there is not ours."""

    state: Line | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    contract_id: UUID | None = None
    open: Line | None = None
    sort: Line | None = None
    cursor: Line | None = None


@get("/debit-notes", guards=[may("debit-notes:read")], include_in_schema=False)
async def list_debit_notes(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    asked = read_query(request.query_params, ListForm)
    buys, sort = queries.reads_as_buyer(actor), asked.sort or NEWEST
    async with viewing(actor) as view:
        found = await queries.debit_list(view, filter_of(asked), sort=sort, cursor=asked.cursor)
        parties = await (supplier_choices(view, asked.supplier_id) if buys else customer_choices(view, asked.buyer_id))
    states = [(code, name) for code, name in NAMES.items() if buys or code in ("accepted", "waived")]
    told = {"found": found, "asked": asked, "sort": sort, "parties": parties, "buys": buys, "cap": queries.MOST_FOUND}
    waits = NARROWINGS["debit-note"].get(asked.open or "")
    return page("debits/list.html", tabs=[("", _("All")), *states], looks=STATES, waits=waits, **told)


def filter_of(asked: ListForm) -> queries.DebitFilter:
    known = {name: getattr(asked, name, None) for name in queries.DebitFilter.__struct_fields__}
    return queries.DebitFilter(**{name: value for name, value in known.items() if value is not None})


def _columns(actor: Actor) -> Sequence[Column]:
    priced = (Column(_("Currency"), lambda each: each.currency), Column(_("Amount"), lambda each: each.amount))
    return [
        Column(_("Number"), lambda each: each.number),
        Column(_("State"), lambda each: NAMES[each.state]),
        Column(_("Customer"), lambda each: each.buyer.name),
        Column(_("Supplier"), lambda each: each.supplier.name),
        Column(_("Contract"), lambda each: each.contract_number),
        Column(_("Order"), lambda each: each.order_number),
        Column(_("Line"), lambda each: each.line),
        Column(_("Due"), lambda each: each.due),
        Column(_("Delivered"), lambda each: each.delivered_on),
        Column(_("Days late"), lambda each: each.days),
        *(priced if allowed(actor, "prices:read") else ()),
    ]


async def _fetch(view: View, asked: Any, cursor: str | None, limit: int) -> Rows:
    sort = asked.sort or NEWEST
    page = await queries.debit_list(view, filter_of(asked), sort=sort, cursor=cursor, limit=limit, counted=False)
    return page.rows, page.older


_FILES = as_files(Listing("/debit-notes", "debit-notes", ListForm, _columns, _fetch), may("debit-notes:read"))
HANDLERS = [list_debit_notes, *_FILES]
