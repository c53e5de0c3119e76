"""Attached files for programs. A file goes up in parts by the protocol tus 1.0 (core, creation, termination), so that
whoever was cut off goes on where the last byte was kept; it is also what the pages' script does.
"""

import base64
import binascii
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, delete, get, head, patch, post
from litestar.exceptions import InternalServerException, SerializationException
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Stream

from portal.access.guards import Acting, may
from portal.access.identify import prove
from portal.evidence import answers, commands, queries
from portal.evidence.commands.parts import Elsewhere
from portal.evidence.forms import FileOut, NewFile
from portal.evidence.rules import LARGEST
from portal.platform.actor import Actor
from portal.platform.convert import Problems, convert
from portal.platform.i18n import _
from portal.platform.paging import Page
from portal.platform.refusals import Invalid, Malformed
from portal.platform.work import viewing
from portal.web.answers import tagged
from portal.web.upload import STREAMED, SendsBytes

AnyRequest = Request[Any, Any, Any]
TUS = {"tus-resumable": "1.0.0", "tus-version": "1.0.0", "tus-extension": "creation,termination"}
TUS |= {"tus-max-size": str(LARGEST)}
OFFSET_BYTES = "application/offset+octet-stream"
PART = STREAMED | {"takes": OFFSET_BYTES}
READ, ATTACH = [may("self:use")], [may("evidence:attach")]


class _SendsPart(SendsBytes):
    kind = OFFSET_BYTES


@get("/", guards=READ, operation_id="listFiles")
async def list_files(actor: Acting, kind: FromQuery[str], record_id: FromQuery[UUID]) -> Page[FileOut]:
    """The files of one record, oldest first; their owner sees those that were deleted too, without their bytes."""
    async with viewing(actor) as view:
        return Page(await queries.files_of(view, kind, record_id))


@post("/", guards=ATTACH, operation_id="createFile")
async def create(request: AnyRequest, actor: Acting, data: JSONBody[NewFile | None] = None) -> Response[FileOut]:
    """Announce a file; `Location` is where its parts go. By tus, `Upload-Length` and `Upload-Metadata` (`filename`,
    `kind`, `record_id`, `internal`, `note`) say what the body would."""
    file = await commands.begin(actor, data or _announced(request))
    answer = await _out(actor, file.id, 201)
    answer.headers |= TUS | {"location": f"/api/v1/files/{file.id}", "upload-offset": "0"}
    return answer


@head("/{file_id:uuid}", guards=ATTACH, operation_id="getFileOffset", summary="Get file offset")
async def offset(actor: Acting, file_id: FromPath[UUID]) -> Response[None]:
    """How much of it arrived, in `Upload-Offset`."""
    arrived, size = await commands.progress(actor, file_id)
    return Response(None, headers=TUS | {"upload-offset": str(arrived), "upload-length": str(size)})


@patch(
    "/{file_id:uuid}",
    guards=ATTACH,
    operation_id="sendFilePart",
    opt=PART,
    operation_class=_SendsPart,
    request_max_body_size=LARGEST + 1,
    status_code=204,
)
async def send(request: AnyRequest, actor: Acting, file_id: FromPath[UUID]) -> Response[None]:
    """The next part, beginning at `Upload-Offset`, as `application/offset+octet-stream`. Where it does not begin where
    the last one ended: 409, with the right `Upload-Offset`."""
    prove(request, "")
    await commands.progress(actor, file_id)
    start = request.headers.get("upload-offset", "")
    if not (start.isascii() and start.isdecimal() and len(start) < 12):
        raise Malformed(_("Say in the header Upload-Offset where this part begins."))
    try:
        arrived = await commands.take_part(actor, file_id, int(start), _pieces(request))
    except Elsewhere as elsewhere:
        elsewhere.headers = TUS | {"upload-offset": str(elsewhere.arrived)}
        raise
    return Response(None, status_code=204, headers=TUS | {"upload-offset": str(arrived)})


@get("/{file_id:uuid}", guards=READ, operation_id="getFile")
async def show(actor: Acting, file_id: FromPath[UUID]) -> Response[FileOut]:
    """One file: how it fares, not its bytes."""
    return await _out(actor, file_id)


@get("/{file_id:uuid}/content", guards=READ, operation_id="getFileContent")
async def content(actor: Acting, file_id: FromPath[UUID]) -> Stream:
    """Its bytes, once it is clean, or not scanned where no scanner is set; else 409."""
    return await answers.download(actor, file_id)


@post("/{file_id:uuid}/share", guards=[may("evidence:share")], operation_id="shareFile", status_code=200)
async def share(actor: Acting, file_id: FromPath[UUID]) -> Response[FileOut]:
    """Let the other side see a file that was only for your own."""
    await commands.share(actor, file_id)
    return await _out(actor, file_id)


@delete("/{file_id:uuid}", guards=[may("evidence:delete")], operation_id="deleteFile")
async def remove(actor: Acting, file_id: FromPath[UUID]) -> None:
    """Take it back, or give up sending it; what the other side sees stays."""
    await commands.delete(actor, file_id)


async def _out(actor: Actor, file_id: UUID, status: int = 200) -> Response[FileOut]:
    async with viewing(actor) as view:
        return tagged(queries.out_of(view, await queries.file_row(view, file_id)), status)


def _announced(request: AnyRequest) -> NewFile:
    """What tus says in headers: names with base64 values."""
    told: dict[str, Any] = {"size": request.headers.get("upload-length", "")}
    for pair in filter(None, map(str.strip, request.headers.get("upload-metadata", "").split(","))):
        name, _blank, value = pair.partition(" ")
        try:
            told["name" if name == "filename" else name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise Malformed(
                _("Upload-Metadata cannot be read: names and base64 values, with commas between.")
            ) from error
    try:
        return convert(NewFile, {name: value for name, value in told.items() if value}, lenient=True)
    except Problems as problems:
        raise Invalid(errors=problems.errors) from problems


async def _pieces(request: AnyRequest) -> AsyncIterator[bytes]:
    try:
        async for piece in request.stream():
            yield piece
    except (InternalServerException, SerializationException) as error:
        raise Malformed(_("The connection broke. What arrived is kept: go on from there.")) from error


_ROUTES = [list_files, create, offset, send, show, content, share, remove]
router = Router("/files", route_handlers=_ROUTES, tags=["Files"])
