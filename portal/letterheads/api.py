"""Letterheads for programs: all editions, their pictures, and the next one."""

from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, JSONBody

from portal.access.guards import Acting, may
from portal.letterheads import commands, queries
from portal.letterheads.forms import LetterheadForm, LetterheadOut
from portal.platform.work import viewing
from portal.web.answers import tagged
from portal.web.downloads import whole

PNG = "image/png"


@get("/", guards=[may("letterheads:read")], operation_id="listLetterheads", summary="Editions of the letterhead")
async def listed(actor: Acting) -> list[LetterheadOut]:
    """The newest first: documents that are made from now on wear it."""
    async with viewing(actor) as view:
        return await queries.editions(view)


@get(
    "/{letterhead_id:uuid}/logo.png",
    guards=[may("letterheads:read")],
    operation_id="getLogo",
    summary="The picture of an edition",
    media_type=PNG,
)
async def logo(actor: Acting, letterhead_id: FromPath[UUID]) -> Response[bytes]:
    """As it was drawn anew; 404 for an edition without one."""
    async with viewing(actor) as view:
        return whole("logo.png", await queries.picture(view, letterhead_id), PNG)


@get(
    "/{letterhead_id:uuid}/seal.png",
    guards=[may("letterheads:read")],
    operation_id="getSeal",
    summary="The seal of an edition",
    media_type=PNG,
)
async def seal(actor: Acting, letterhead_id: FromPath[UUID]) -> Response[bytes]:
    """As it was drawn anew; 404 for an edition without one."""
    async with viewing(actor) as view:
        return whole("seal.png", await queries.seal_of(view, letterhead_id), PNG)


@post("/", guards=[may("letterheads:publish")], operation_id="publishLetterhead", summary="Publish the next edition")
async def publish(actor: Acting, data: JSONBody[LetterheadForm]) -> Response[LetterheadOut]:
    """Documents that are made from now on wear it; those that are there stay as they are. The seal stands beside
    signatures for the organisation that are made in the portal from now on."""
    made = await commands.publish(actor, data)
    async with viewing(actor) as view:
        return tagged(await queries.edition(view, made.id), 201)


_HANDLERS: list[Any] = [listed, logo, seal, publish]
router = Router("/letterheads", route_handlers=_HANDLERS, tags=["Documents"])
