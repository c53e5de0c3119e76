"""The list of despatch advices on screen."""

from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from litestar import Request, Response, get

from portal.access.guards import Acting, may
from portal.organisations.queries import customer_choices, supplier_choices
from portal.platform.fields import Day, Line
from portal.platform.i18n import Message, _
from portal.platform.wiring import NARROWINGS
from portal.platform.work import viewing
from portal.shipments import queries
from portal.shipments.pages.show import ARRIVAL
from portal.web import page
from portal.web.query import read_query

AnyRequest = Request[Any, Any, Any]
NEWEST = "-created"


class ListForm(msgspec.Struct, kw_only=True):
    """The parameters of the list's address; what else stands there is not ours."""

    state: Line | None = None
    receipt_status: Line | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    order_id: UUID | None = None
    expected_before: Day | None = None
    query: Line | None = None
    late: bool | None = None
    open: Line | None = None
    sort: Line | None = None
    cursor: Line | None = None


class Tab(NamedTuple):
    """A usual narrowing: its name, and the parameters that make it."""

    name: Message
    state: str | None = None
    receipt_status: str | None = None


_ALL, _ON_THE_WAY = Tab(_("All")), Tab(_("On the way"), "despatched", "none,partial")
_ARRIVED = Tab(_("Arrived"), "despatched", "complete")
_OF_BUYER = (_ALL, _ON_THE_WAY, _ARRIVED)
_OF_SUPPLIER = (_ALL, Tab(_("Drafts"), "draft"), _ON_THE_WAY, _ARRIVED, Tab(_("Dropped"), "cancelled"))


@get("/despatch-advices", guards=[may("despatch-advices:read")], include_in_schema=False)
async def list_advices(request: AnyRequest, actor: Acting) -> Response[Any]:
    asked = read_query(request.query_params, ListForm)
    buys = queries.reads_as_buyer(actor)
    async with viewing(actor) as view:
        found = await queries.advice_list(view, filter_of(asked), sort=asked.sort or NEWEST, cursor=asked.cursor)
        parties = await (supplier_choices(view, asked.supplier_id) if buys else customer_choices(view, asked.buyer_id))
    told = {
        "found": found,
        "sort": asked.sort or NEWEST,
        "asked": asked,
        "parties": parties,
        "buys": buys,
        "cap": queries.MOST_FOUND,
    }
    tabs = _OF_BUYER if buys else _OF_SUPPLIER
    waits = NARROWINGS["despatch-advice"].get(asked.open or "")
    return page("shipments/list.html", tabs=tabs, arrival=ARRIVAL, waits=waits, **told)


def filter_of(asked: ListForm) -> queries.AdviceFilter:
    known = {name: getattr(asked, name, None) for name in queries.AdviceFilter.__struct_fields__}
    return queries.AdviceFilter(**{name: value for name, value in known.items() if value is not None})


HANDLERS = [list_advices]
