"""The file of a batch as an HTTP answer."""

from typing import Any
from uuid import UUID

from litestar import Request
from litestar.response import Stream

from portal.audit.noting import FILES
from portal.documents.store import is_kept, stream
from portal.operations.batches.chosen import with_rights
from portal.operations.batches.commands import shelf
from portal.operations.batches.queries import batch
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.work import viewing
from portal.web.downloads import named

ZIP = "application/zip"


async def download(request: Request[Any, Any, Any], actor: Actor, batch_id: UUID) -> Stream:
    """The zip, for who asked for it and has the same rights still; 409 when there is none."""
    async with viewing(actor) as view:
        shown = await batch(view, batch_id)
        rights = await view.value("select rights from batch where id = $1", batch_id)
    with_rights(actor, shown.kind, rights)
    if shown.state != "ready" or shown.sha256 is None or shown.size is None:
        raise Conflict(_("There is no file of this batch now."))
    at = shelf(actor.organisation_id)
    if not await is_kept(shown.sha256, at):
        raise Conflict(_("The file of this batch is not there any more. Ask for it again."))
    request.scope["state"][FILES] = shown.documents - shown.lacking
    headers = named(f"{shown.number}.zip") | {"content-length": str(shown.size)}
    return Stream(await stream(shown.sha256, at), media_type=ZIP, headers=headers)
