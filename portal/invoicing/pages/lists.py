"""The list of invoices; what narrows it stands in the address."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get

from portal.access.guards import Acting, allowed, may
from portal.invoicing.queries import MOST_FOUND, OPEN, SELLING, InvoiceFilter, invoice_list, side_of
from portal.invoicing.states import NAMES, S
from portal.organisations.queries import customer_choices, supplier_choices
from portal.platform.fields import Day, Line
from portal.platform.i18n import _
from portal.platform.work import viewing
from portal.web import page
from portal.web.query import read_query

AnyRequest = Request[Any, Any, Any]
MATCHES = {"matched": _("Matches"), "exceptions": _("Differs"), "resolved": _("Differences accepted")}


class ListForm(msgspec.Struct, kw_only=True):
    """The parameters of the list's address; what else stands there is not ours."""

    state: Line | None = None
    match_state: Line | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    order_id: UUID | None = None
    query: Line | None = None
    due_before: Day | None = None
    open: Line | None = None
    sort: Line | None = None
    cursor: Line | None = None


@get("/invoices", guards=[may("invoices:read")], include_in_schema=False)
async def list_invoices(request: AnyRequest, actor: Acting) -> Response[Any]:
    asked = read_query(request.query_params, ListForm)
    chosen, sort = filter_of(asked), asked.sort or "-created"
    selling = side_of(actor, chosen) == SELLING
    async with viewing(actor) as view:
        found = await invoice_list(view, chosen, sort=sort, cursor=asked.cursor)
        parties = await (
            customer_choices(view, asked.buyer_id) if selling else supplier_choices(view, asked.supplier_id)
        )
    return page(
        "invoicing/list.html",
        found=found,
        asked=asked,
        sort=sort,
        parties=parties,
        sells=selling,
        states=[(state, name) for state, name in NAMES.items() if selling or state != S.DRAFT],
        matches=MATCHES,
        waits=OPEN[asked.open].title if asked.open else "",
        cap=MOST_FOUND,
        priced=allowed(actor, "prices:read"),
    )


def filter_of(asked: ListForm) -> InvoiceFilter:
    return InvoiceFilter(**{name: getattr(asked, name) for name in InvoiceFilter.__struct_fields__})


HANDLERS = [list_invoices]
