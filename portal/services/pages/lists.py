"""The list of service entries on screen."""

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
from portal.services import queries
from portal.services.pages.looks import STATES
from portal.services.states import NAMES
from portal.web import page
from portal.web.query import read_query

AnyRequest = Request[Any, Any, Any]
NEWEST = "-created"


class ListForm(msgspec.Struct, kw_only=True):
    """The parameters of the list's address; what else stands there is not ours."""

    state: Line | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    order_id: UUID | None = None
    performed_from: Day | None = None
    performed_to: Day | None = None
    query: Line | None = None
    open: Line | None = None
    sort: Line | None = None
    cursor: Line | None = None


@get("/service-entries", guards=[may("service-entries:read")], include_in_schema=False)
async def list_entries(request: AnyRequest, actor: Acting) -> Response[Any]:
    asked = read_query(request.query_params, ListForm)
    buys = queries.reads_as_buyer(actor)
    sort = asked.sort or NEWEST
    async with viewing(actor) as view:
        found = await queries.entry_list(view, filter_of(asked), sort=sort, cursor=asked.cursor)
        parties = await (supplier_choices(view, asked.supplier_id) if buys else customer_choices(view, asked.buyer_id))
    told = {"found": found, "asked": asked, "sort": sort, "parties": parties, "buys": buys, "cap": queries.MOST_FOUND}
    states = [(code, name) for code, name in NAMES.items() if not (buys and code == "draft")]
    waits = NARROWINGS["service-entry"].get(asked.open or "")
    return page("services/list.html", tabs=[("", _("All")), *states], looks=STATES, waits=waits, **told)


def filter_of(asked: ListForm) -> queries.EntryFilter:
    known = {name: getattr(asked, name, None) for name in queries.EntryFilter.__struct_fields__}
    return queries.EntryFilter(**{name: value for name, value in known.items() if value is not None})


HANDLERS = [list_entries]
