"""XML bodies: routes that take a document declare `opt=TAKES_XML` and `operation_class=SendsXml`."""

from dataclasses import dataclass
from typing import Any, Final

from litestar import Request
from litestar.datastructures import UploadFile

from portal.platform.i18n import _
from portal.platform.refusals import FieldError, Invalid, Refusal, WrongKind
from portal.web import Form
from portal.web.downloads import XML
from portal.web.input import form_data
from portal.web.upload import SendsBytes

TAKES_XML: Final = {"takes": XML}
FIELD: Final = "file"


@dataclass
class SendsXml(SendsBytes):
    """An operation whose body is a UBL document."""

    kind = XML


async def xml_body(request: Request[Any, Any, Any]) -> bytes:
    """The document that is the body, of at most 10 MB; anything that calls itself something else is 415."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != XML:
        raise WrongKind(_("Send the bytes themselves, with the header Content-Type: {kind}", kind=XML))
    return await request.body()


async def xml_file(request: Request[Any, Any, Any]) -> bytes:
    """The document that a form brings in its field `file`."""
    given = (await form_data(request)).get(FIELD)
    if not isinstance(given, UploadFile) or not given.filename:
        raise Invalid.field(FIELD, _("Choose a file."))
    return await given.read()


def shown_with_file(refusal: Refusal) -> Form:
    """Everything that is wrong with a file, at the field that brought it: which line and what of it, in words."""
    told = Form(errors=refusal.errors)
    found = [FieldError(FIELD, told.told(error)) for error in refusal.errors]
    return Form(errors=found or [FieldError(FIELD, refusal.message)])
