"""A PDF as it comes in, from a form or as a body: bounded, on disk while it arrives, and never kept here."""

import asyncio
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from litestar import Request

from portal.access.identify import prove
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.workshop import workshop
from portal.signatures.forms import NewSigning
from portal.signatures.rules import LARGEST
from portal.web.input import Typed
from portal.web.upload import LONGEST_FIELD, Wanted, receive, receive_body, require_length

AnyRequest = Request[Any, Any, Any]
FILE = "file"
LARGEST_FORM = LARGEST + LONGEST_FIELD  # bytes
_WANTED = Wanted({FILE: (".pdf",)}, 1, LARGEST)
_BEGINS = b"%PDF-"
_WITHIN = 1024  # bytes in which a PDF says that it is one


async def form_with_pdf(request: AnyRequest) -> tuple[dict[str, str], str, bytes]:
    """The form's fields, the file's name and its bytes; raises Invalid where there is no PDF."""
    require_length(request, LARGEST_FORM)
    with workshop() as folder:
        form = await receive(request, Path(folder), _WANTED, partial(_prove, request))
        paths = form.files.get(FILE, [])
        if not paths:
            raise Invalid.field(FILE, _("Choose a PDF."))
        return form.fields, paths[0].name, await asyncio.to_thread(_pdf, paths[0])


async def body_as_pdf(request: AnyRequest) -> bytes:
    """The whole body of a request as a PDF."""
    _prove(request, "")
    require_length(request, LARGEST)
    with workshop() as folder:
        return await asyncio.to_thread(_pdf, await receive_body(request, Path(folder), "file.pdf", (".pdf",), LARGEST))


def said(fields: Mapping[str, str]) -> NewSigning:
    """What was said of a document that is to be signed; raises Invalid with all that is wrong."""
    return Typed(list(fields.items())).convert(NewSigning, only=NewSigning.__struct_fields__)


def _prove(request: AnyRequest, token: str) -> None:
    if request.scope["state"]["actor"] is not None:
        prove(request, token)


def _pdf(path: Path) -> bytes:
    data = path.read_bytes()
    if _BEGINS not in data[:_WITHIN]:
        raise Invalid.field(FILE, _("This is no PDF: what counts is what a file holds, not its name."))
    return data
