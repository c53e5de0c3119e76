"""Who may act for one's organisation: for its administrators and auditors to look through."""

from typing import Any

from litestar import Response, get

from portal.access import queries
from portal.access.guards import Acting, may
from portal.platform.i18n import _
from portal.platform.work import viewing
from portal.web import page
from portal.web.looks import Look

STATES = {"active": Look(_("Active"), "success", "circle-check"), "locked": Look(_("Locked"), "neutral", "lock")}


@get("/people", guards=[may("members:read")], include_in_schema=False)
async def list_people(actor: Acting) -> Response[Any]:
    async with viewing(actor) as view:
        found = await queries.people(view)
        sites = await queries.site_names(view)
    return page("access/people.html", people=found, sites=sites, states=STATES)


HANDLERS = [list_people]
