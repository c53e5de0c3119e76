"""All ratings of the company, newest first."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get

from portal.access.guards import Acting, may
from portal.organisations.queries import supplier_choices
from portal.platform.fields import Line
from portal.platform.work import viewing
from portal.ratings import queries
from portal.ratings.rules import ASPECTS, STARS
from portal.web import page
from portal.web.query import read_query

AT = "/ratings"


class ListForm(msgspec.Struct, kw_only=True):
    """The parameters of the list's address; what else stands there is not ours."""

    supplier_id: UUID | None = None
    order_id: UUID | None = None
    rating_id: UUID | None = None
    stars: Annotated[int, msgspec.Meta(ge=1, le=5)] | None = None
    sort: Line | None = None
    cursor: Line | None = None


@get(AT, guards=[may(queries.READ)], include_in_schema=False)
async def show(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    asked = read_query(request.query_params, ListForm)
    sort = asked.sort or queries.NEWEST
    async with viewing(actor) as view:
        found = await queries.ratings(view, filter_of(asked), sort=sort, cursor=asked.cursor)
        suppliers = await supplier_choices(view, asked.supplier_id)
    told = {"found": found, "asked": asked, "sort": sort, "suppliers": suppliers}
    return page("ratings/list.html", aspects=ASPECTS, stars=list(STARS.items()), **told)


def filter_of(asked: ListForm) -> queries.RatingFilter:
    return queries.RatingFilter(
        id=asked.rating_id, supplier_id=asked.supplier_id, order_id=asked.order_id, stars=asked.stars
    )


HANDLERS: list[Any] = [show]
