"""More files for an import, fewer of them, another mapping file, and the mended rows."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.operations.desk import commands, queries
from portal.operations.desk.commands.choosing import Wish
from portal.operations.desk.commands.prepare import require_files
from portal.operations.desk.mended import mapping_for, prepared
from portal.operations.desk.pages.steps import lead
from portal.operations.desk.reception import ENCODING, LONGEST_BODY, MAPPING, received, written_as
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.work import viewing
from portal.web.flash import go
from portal.web.upload import STREAMED

AnyRequest = Request[Any, Any, Any]
RUN: dict[str, Any] = {
    "guards": [may("imports:run")],
    "include_in_schema": False,
    "opt": STREAMED,
    "request_max_body_size": LONGEST_BODY,
}


@post("/imports/{file_import_id:uuid}/files", **RUN)
async def add(request: AnyRequest, actor: Acting, file_import_id: FromPath[UUID]) -> Response[Any]:
    await _seen(actor, file_import_id)
    async with received(request, actor) as delivery:
        require_files(delivery.files)
        await commands.add_files(actor, file_import_id, delivery.files, written_as(delivery.fields.get(ENCODING, "")))
    return lead(request, f"/imports/{file_import_id}", _("The files are there. Look whether the mapping still fits."))


@post(
    "/imports/{file_import_id:uuid}/files/{import_file_id:uuid}/remove",
    guards=[may("imports:run")],
    include_in_schema=False,
)
async def remove(actor: Acting, file_import_id: FromPath[UUID], import_file_id: FromPath[UUID]) -> Response[Any]:
    await commands.remove_file(actor, file_import_id, import_file_id)
    return go(f"/imports/{file_import_id}", _("The file is deleted."))


@post("/imports/{file_import_id:uuid}/mapping-file", **RUN)
async def mapping_file(request: AnyRequest, actor: Acting, file_import_id: FromPath[UUID]) -> Response[Any]:
    """A mapping as a file, in the place of the one that the import has."""
    shown = await _seen(actor, file_import_id)
    async with received(request, actor) as delivery:
        if delivery.mapping is None:
            raise Invalid.field(MAPPING, _("Choose a mapping file."))
        kind = delivery.fields.get("kind") or shown.kind
        await commands.set_mapping(actor, file_import_id, Wish(kind, delivery.mapping))
    return lead(request, f"/imports/{file_import_id}", _("The mapping of the file is used now."))


@post("/imports/{file_import_id:uuid}/corrections", **RUN)
async def correct(request: AnyRequest, actor: Acting, file_import_id: FromPath[UUID]) -> Response[Any]:
    """The mended rows, as an import of their own by the same mapping."""
    await _seen(actor, file_import_id)
    async with received(request, actor) as delivery:
        require_files(delivery.files)
        async with prepared(actor, file_import_id, delivery.files) as files:
            made = await commands.begin_correction(
                actor, file_import_id, files, await mapping_for(actor, file_import_id, files)
            )
    return lead(request, f"/imports/{made.id}", _("These are the mended rows: only they are imported from here."))


async def _seen(actor: Any, import_id: UUID) -> Any:
    """Refuse a foreign import before its files are read."""
    async with viewing(actor) as view:
        return await queries.import_out(view, import_id)


HANDLERS = [add, remove, mapping_file, correct]
