"""A document as an HTTP answer: the file, not yet, or why not."""

from typing import Any

from litestar import Request, Response

from portal.documents.forms import DocumentOut
from portal.documents.rules import NO_ROOM, file_name
from portal.documents.store import load
from portal.documents.tables import Document
from portal.documents.troubles import told
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Full
from portal.web.downloads import named

SOON = "2"  # seconds until it makes sense to ask again


async def answer(request: Request[Any, Any, Any], document: Document, *, attached: bool) -> Response[Any]:
    """200 with the file (304 if the client has it), 202 while it is made, 409 when it could not be made,
    507 while there is no room for it: it is made as soon as there is."""
    if document.state == "pending" and document.error == NO_ROOM:
        raise Full()
    if document.state == "pending":
        return not_yet(document)
    if document.state == "failed":
        unsaid = _("This document could not be made. You can have it tried again.")
        raise Conflict(told(document.error) or unsaid, subject_id=document.id)
    headers = named(file_name(document.number, document.revision), attached=attached)
    headers["etag"] = f'"{document.sha256}"'
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    assert document.sha256 is not None
    return Response(await load(document.sha256), media_type=document.media_type, headers=headers)


def not_yet(document: Document) -> Response[Any]:
    told = DocumentOut(**{name: getattr(document, name) for name in DocumentOut.__struct_fields__})
    return Response(told, status_code=202, headers={"retry-after": SOON})
