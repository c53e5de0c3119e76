"""The list of contracts on screen."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get

from portal.access.guards import Acting, may
from portal.contracts import queries
from portal.contracts.pages.looks import STATES
from portal.contracts.states import KINDS, NAMES
from portal.organisations.queries import customer_choices, supplier_choices
from portal.platform.fields import Line
from portal.platform.i18n import _
from portal.platform.wiring import NARROWINGS
from portal.platform.work import viewing
from portal.web import page
from portal.web.query import read_query

NEWEST = "-created"


class ListForm(msgspec.Struct, kw_only=True):
    """The parameters of the list's address; what else stands there is not ours."""

    state: Line | None = None
    kind: Line | None = None
    supplier_id: UUID | None = None
    buyer_id: UUID | None = None
    amends_id: UUID | None = None
    query: Line | None = None
    open: Line | None = None
    sort: Line | None = None
    cursor: Line | None = None


@get("/contracts", guards=[may("contracts:read")], include_in_schema=False)
async def list_contracts(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    asked = read_query(request.query_params, ListForm)
    buys, sort = queries.reads_as_buyer(actor), asked.sort or NEWEST
    async with viewing(actor) as view:
        found = await queries.contract_list(view, filter_of(asked), sort=sort, cursor=asked.cursor)
        parties = await (supplier_choices(view, asked.supplier_id) if buys else customer_choices(view, asked.buyer_id))
    states = [(code, name) for code, name in NAMES.items() if buys or code != "draft"]
    told = {"found": found, "asked": asked, "sort": sort, "parties": parties, "buys": buys, "cap": queries.MOST_FOUND}
    waits = NARROWINGS["contract"].get(asked.open or "")
    tabs = [("", _("All")), *states]
    return page("contracts/list.html", tabs=tabs, kinds=list(KINDS.items()), looks=STATES, waits=waits, **told)


def filter_of(asked: ListForm) -> queries.ContractFilter:
    known = {name: getattr(asked, name) for name in queries.ContractFilter.__struct_fields__}
    return queries.ContractFilter(**{name: value for name, value in known.items() if value is not None})


HANDLERS = [list_contracts]
