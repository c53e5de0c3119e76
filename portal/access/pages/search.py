"""The search over all: one word or number, asked of every kind of record that its reader may open."""

from typing import Any, NamedTuple

from litestar import Request, Response, get
from litestar.response import Redirect

from portal.access.guards import Acting, allowed, may
from portal.platform.wiring import SEARCHES, Search
from portal.platform.work import viewing
from portal.web import page
from portal.web.parts import Found

LONGEST = 200


class Group(NamedTuple):
    """What one kind of record has to say."""

    search: Search
    found: list[Found]


@get("/search", guards=[may("self:use")], include_in_schema=False)
async def search(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    """Results by kind; a number that is exactly one record's leads straight to it."""
    words = " ".join(request.query_params.get("query", "").split())[:LONGEST]
    groups: list[Group] = []
    if words:
        async with viewing(actor) as view:
            asked = [each for each in SEARCHES if allowed(actor, each.permission)]
            groups = [Group(each, list(await each.load(view, words))) for each in asked]
    exact = [found for group in groups for found in group.found if found.exact]
    if len(exact) == 1:
        return Redirect(exact[0].href, status_code=303)
    return page("home/search.html", words=words, groups=[group for group in groups if group.found])


HANDLERS = [search]
