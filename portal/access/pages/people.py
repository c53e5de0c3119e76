"""Who may act for one's organisation: for its administrators and auditors to look through."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from portal.access import commands, queries
from portal.access.guards import Acting, may
from portal.platform.i18n import _
from portal.platform.work import viewing
from portal.web import page
from portal.web.flash import go
from portal.web.looks import Look

STATES = {"active": Look(_("Active"), "success", "circle-check"), "locked": Look(_("Locked"), "neutral", "lock")}


@get("/people", guards=[may("members:read")], include_in_schema=False)
async def list_people(actor: Acting) -> Response[Any]:
    async with viewing(actor) as view:
        found = await queries.people(view)
        sites = await queries.site_names(view)
    return page("access/people.html", people=found, sites=sites, states=STATES)


@post("/people/{person_id:uuid}/sign-out", guards=[may("members:edit")], include_in_schema=False)
async def sign_out(actor: Acting, person_id: FromPath[UUID]) -> Response[Any]:
    """End every session in which they act for this organisation."""
    await commands.sign_out_member(actor, person_id)
    return go("/people", _("They are signed out everywhere."))


HANDLERS = [list_people, sign_out]
