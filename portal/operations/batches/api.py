"""Batches for programs: ask, look until one is ready, take its file."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Stream

from portal.access.guards import Acting, may
from portal.operations.batches import commands, queries
from portal.operations.batches.answers import download
from portal.operations.batches.forms import BatchForm, BatchOut
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.web.answers import tagged


@get("/", guards=[may("batches:make")], operation_id="listBatches")
async def list_batches(
    actor: Acting, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[BatchOut]:
    """The batches that you asked for, newest first."""
    async with viewing(actor) as view:
        return await queries.batches(view, cursor=cursor, limit=clamp(limit))


@post("/", guards=[may("batches:make")], operation_id="askBatch")
async def ask(actor: Acting, data: JSONBody[BatchForm]) -> Response[BatchOut]:
    """Have all documents of a kind and a month put together as one zip; it is ready when its `state` says so."""
    return await _batch(actor, (await commands.ask(actor, data)).id, 201)


@get("/{batch_id:uuid}", guards=[may("batches:make")], operation_id="getBatch")
async def show(actor: Acting, batch_id: FromPath[UUID]) -> Response[BatchOut]:
    """How far it is, and its hash once it is ready."""
    return await _batch(actor, batch_id)


@post("/{batch_id:uuid}/cancel", guards=[may("batches:make")], operation_id="cancelBatch", status_code=200)
async def cancel(actor: Acting, batch_id: FromPath[UUID]) -> Response[BatchOut]:
    """Stop one that is under way."""
    await commands.cancel(actor, batch_id)
    return await _batch(actor, batch_id)


@get("/{batch_id:uuid}/file", guards=[may("batches:make")], operation_id="getBatchFile")
async def file(request: Request[Any, Any, Any], actor: Acting, batch_id: FromPath[UUID]) -> Stream:
    """The zip; 409 when there is none."""
    return await download(request, actor, batch_id)


async def _batch(actor: Actor, batch_id: UUID, status: int = 200) -> Response[BatchOut]:
    async with viewing(actor) as view:
        return tagged(await queries.batch(view, batch_id), status)


router = Router("/batches", route_handlers=[list_batches, ask, show, cancel, file], tags=["Documents"])
