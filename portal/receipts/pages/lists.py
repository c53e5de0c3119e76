"""The list of goods receipts on screen."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get

from portal.access.guards import Acting, may
from portal.organisations.queries import customer_choices, supplier_choices
from portal.platform.fields import Day, Line
from portal.platform.i18n import _
from portal.platform.wiring import NARROWINGS
from portal.platform.work import viewing
from portal.receipts import queries
from portal.receipts.states import NAMES
from portal.shipments.queries import reads_as_buyer
from portal.web import page
from portal.web.query import read_query

AnyRequest = Request[Any, Any, Any]
NEWEST = "-booked"


class ListForm(msgspec.Struct, kw_only=True):
    """The parameters of the list's address; what else stands there is not ours."""

    state: Line | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    order_id: UUID | None = None
    despatch_advice_id: UUID | None = None
    delivered_from: Day | None = None
    delivered_to: Day | None = None
    query: Line | None = None
    open: Line | None = None
    sort: Line | None = None
    cursor: Line | None = None


@get("/receipts", guards=[may("goods-receipts:read")], include_in_schema=False)
async def list_receipts(request: AnyRequest, actor: Acting) -> Response[Any]:
    asked = read_query(request.query_params, ListForm)
    buys = reads_as_buyer(actor)
    sort = asked.sort or NEWEST
    async with viewing(actor) as view:
        found = await queries.receipt_list(view, filter_of(asked), sort=sort, cursor=asked.cursor)
        parties = await (supplier_choices(view, asked.supplier_id) if buys else customer_choices(view, asked.buyer_id))
    told = {"found": found, "asked": asked, "sort": sort, "parties": parties, "buys": buys, "cap": queries.MOST_FOUND}
    waits = NARROWINGS["goods-receipt"].get(asked.open or "")
    return page("receipts/list.html", tabs=[("", _("All")), *NAMES.items()], waits=waits, **told)


def filter_of(asked: ListForm) -> queries.ReceiptFilter:
    known = {name: getattr(asked, name, None) for name in queries.ReceiptFilter.__struct_fields__}
    return queries.ReceiptFilter(**{name: value for name, value in known.items() if value is not None})


HANDLERS = [list_receipts]
