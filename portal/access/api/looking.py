"""Looking as a colleague, for browsers that speak JSON: a key for programs looks as nobody."""

from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, JSONBody

from portal.access import commands, queries
from portal.access.api.sessions import answered
from portal.access.forms import LookForm, LookOut, Me
from portal.access.guards import Acting, may
from portal.platform.paging import Page
from portal.platform.work import viewing


@post(
    "/members/{person_id:uuid}/see-as",
    guards=[may("see-as:begin")],
    operation_id="seeAs",
    summary="Look as a colleague",
    status_code=200,
)
async def see_as(actor: Acting, person_id: FromPath[UUID], data: JSONBody[LookForm]) -> Response[Me]:
    """Read what a colleague reads, for half an hour at most; nothing is changed meanwhile, both are named in the log,
    and the colleague is told. The session has a new cookie and a new `csrf_token`."""
    return answered(await commands.see_as(actor, person_id, data))


@post(
    "/sessions/current/end-look",
    guards=[may("self:use")],
    operation_id="endLook",
    summary="Be oneself again",
    status_code=200,
    while_looking=True,
)
async def end(actor: Acting) -> Response[Me]:
    """The session has a new cookie and a new `csrf_token` once more."""
    return answered(await commands.end_look(actor))


@get("/looks", guards=[may("self:use")], operation_id="listLooks", summary="Who looked as whom")
async def list_looks(actor: Acting) -> Page[LookOut]:
    """The newest 200: all to administrators and auditors, to everybody else who looked as them."""
    async with viewing(actor) as view:
        return Page(await queries.looks(view), None)


@get("/looks/{looking_id:uuid}", guards=[may("self:use")], operation_id="getLook", summary="One look")
async def show(actor: Acting, looking_id: FromPath[UUID]) -> LookOut:
    """Who looked as whom, why, and until when."""
    async with viewing(actor) as view:
        return await queries.look(view, looking_id)


HANDLERS = (see_as, end, list_looks, show)
